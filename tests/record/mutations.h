#pragma once

#include "forger/kit.h"
#include "record/random.h"

namespace mlprov::forge {

/// One random change to the document, no signature renewed. Throws where the drawn change does
/// not apply; the forgery is then spoilt.
void change_shallow(Forgery& forgery, Random& random);

/// One random change below the signatures: trees, objects or payloads, hashed and (mostly) signed
/// again by the author. Throws likewise.
void change_deep(Forgery& forgery, Random& random);

/// A value of another type, a neighbour of a number, another spelling of a string.
Json twisted(const Json& value, Random& random);

}  // namespace mlprov::forge
