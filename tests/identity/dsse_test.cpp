#include "mlprov/identity/dsse.h"

#include <gtest/gtest.h>

#include <functional>

#include "identity/error_name.h"
#include "identity/vectors.h"

namespace mlprov {
namespace {

using testing::error_name;
using testing::example_key;
using testing::kExampleAddress;
using testing::mirrored;

const std::string kPayload = R"({"hello":"world"})";

Json good_envelope() { return dsse_to_json(dsse_sign(example_key(), kPayload)); }

std::string signature_text(const Signature65& signature) { return to_base64(signature); }

Signature65 good_signature() { return dsse_sign(example_key(), kPayload).signature; }

TEST(Dsse, EncodesAsTheSpecificationShows) {
  EXPECT_EQ(dsse_pae("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(dsse_pae("", ""), "DSSEv1 0  0 ");
}

TEST(Dsse, RoundTrips) {
  const DsseEnvelope envelope = dsse_from_json(good_envelope());
  EXPECT_EQ(envelope.payload, kPayload);
  EXPECT_EQ(to_string(envelope.signer), kExampleAddress);
  EXPECT_EQ(dsse_to_json(envelope), good_envelope());
}

TEST(Dsse, HoldsAnyBytes) {
  for (const std::string& payload : {std::string(), std::string("\0\xff\n", 3)}) {
    const DsseEnvelope envelope = dsse_from_json(dsse_to_json(dsse_sign(example_key(), payload)));
    EXPECT_EQ(envelope.payload, payload);
  }
}

struct Row {
  const char* name;
  const char* error;
  std::function<void(Json&)> change;
};

void set_signature(Json& envelope, Signature65 signature) {
  envelope["signatures"][0]["sig"] = signature_text(signature);
}

const Row kRefused[] = {
    {"not an object", "malformed", [](Json& e) { e = Json::array(); }},
    {"null", "malformed", [](Json& e) { e = nullptr; }},
    {"no payload", "malformed", [](Json& e) { e.erase("payload"); }},
    {"extra key", "malformed", [](Json& e) { e["more"] = 1; }},
    {"payload a number", "malformed", [](Json& e) { e["payload"] = 5; }},
    {"payload type null", "malformed", [](Json& e) { e["payloadType"] = nullptr; }},
    {"other payload type", "malformed", [](Json& e) { e["payloadType"] = "text/plain"; }},
    {"payload type's case", "malformed",
     [](Json& e) { e["payloadType"] = "application/vnd.in-toto+JSON"; }},
    {"no signature", "malformed", [](Json& e) { e["signatures"] = Json::array(); }},
    {"signatures an object", "malformed",
     [](Json& e) {
       e["signatures"] = {{"0", e["signatures"][0]}};
     }},
    {"two signatures", "malformed",
     [](Json& e) { e["signatures"].push_back(Json(e["signatures"][0])); }},
    {"signature a string", "malformed", [](Json& e) { e["signatures"][0] = "sig"; }},
    {"extra key in signature", "malformed", [](Json& e) { e["signatures"][0]["cert"] = ""; }},
    {"no keyid", "malformed", [](Json& e) { e["signatures"][0].erase("keyid"); }},
    {"keyid empty", "malformed", [](Json& e) { e["signatures"][0]["keyid"] = ""; }},
    {"keyid in EIP-55", "malformed",
     [](Json& e) { e["signatures"][0]["keyid"] = "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F"; }},
    {"keyid of another", "crypto",
     [](Json& e) { e["signatures"][0]["keyid"] = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"; }},
    {"64 bytes", "malformed",
     [](Json& e) { e["signatures"][0]["sig"] = to_base64(ByteView(good_signature()).first(64)); }},
    {"sig without padding", "malformed",
     [](Json& e) {
       std::string sig = e["signatures"][0]["sig"];
       e["signatures"][0]["sig"] = sig.substr(0, sig.find('='));
     }},
    {"url-safe base64", "malformed",
     [](Json& e) {
       std::string sig = e["signatures"][0]["sig"];
       sig[0] = '_';
       e["signatures"][0]["sig"] = sig;
     }},
    {"base64 with newline", "malformed",
     [](Json& e) { e["payload"] = e["payload"].get<std::string>() + "\n"; }},
    {"base64 with stray bits", "malformed",
     [](Json& e) { e["payload"] = "eyJoZWxsbyI6IndvcmxkIn1="; }},
    {"other payload", "crypto", [](Json& e) { e["payload"] = to_base64(as_bytes("{}")); }},
    {"high s", "crypto", [](Json& e) { set_signature(e, mirrored(good_signature())); }},
    {"v 0", "crypto",
     [](Json& e) {
       Signature65 signature = good_signature();
       signature[64] = static_cast<std::uint8_t>(signature[64] - 27);
       set_signature(e, signature);
     }},
    {"v 29", "crypto",
     [](Json& e) {
       Signature65 signature = good_signature();
       signature[64] = 29;
       set_signature(e, signature);
     }},
    {"r = 0", "crypto",
     [](Json& e) {
       Signature65 signature = good_signature();
       std::fill_n(signature.begin(), 32, std::uint8_t{0});
       set_signature(e, signature);
     }},
};

TEST(Dsse, RefusesEachByName) {
  for (const Row& row : kRefused) {
    Json envelope = good_envelope();
    row.change(envelope);
    EXPECT_EQ(error_name([&] { dsse_from_json(envelope); }), row.error) << row.name;
  }
}

TEST(Dsse, TheTwoHalvesFailApart) {
  Json envelope = good_envelope();
  envelope["payload"] = to_base64(as_bytes("{}"));
  DsseEnvelope parsed;
  EXPECT_EQ(error_name([&] { parsed = dsse_parse(envelope); }), "no error");
  EXPECT_EQ(error_name([&] { dsse_verify(parsed); }), "crypto");
}

TEST(Dsse, NoChangedByteOfTheSignedTextHolds) {
  const DsseEnvelope good = dsse_sign(example_key(), kPayload);
  for (std::size_t i = 0; i < kPayload.size(); ++i) {
    DsseEnvelope other = good;
    other.payload[i] = static_cast<char>(other.payload[i] ^ 1);
    EXPECT_EQ(error_name([&] { dsse_verify(other); }), "crypto") << "payload byte " << i;
  }
  DsseEnvelope other = good;
  other.payload_type += "x";
  EXPECT_EQ(error_name([&] { dsse_verify(other); }), "crypto") << "payload type";
}

}  // namespace
}  // namespace mlprov
