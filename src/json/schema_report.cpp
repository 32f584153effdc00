#include "json/schema_report.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "json/pointer.h"

namespace mlprov::json {
namespace {

using Segments = std::vector<std::string>;

struct Finding {
  Segments place;
  std::string message;
  bool is_summary = false;  ///< Says only that something at or below `place` does not fit.
};

bool is_index(const std::string& segment) {
  return !segment.empty() &&
         std::all_of(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool segment_less(const std::string& a, const std::string& b) {
  if (is_index(a) && is_index(b) && a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

bool place_less(const Segments& a, const Segments& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), segment_less);
}

bool is_within(const Segments& place, const Segments& outer) {
  return place.size() >= outer.size() && std::equal(outer.begin(), outer.end(), place.begin());
}

Segments place_of(const RawViolation& raw) {
  Segments place;
  for (std::size_t i = 1; i < raw.context.size(); ++i) {
    const std::string& part = raw.context[i];
    place.push_back(part.size() >= 2 ? part.substr(1, part.size() - 2) : part);
  }
  return place;
}

/// What stands in `text` between the end of `before` and the start of the last `after`.
std::optional<std::string> between(std::string_view text, std::string_view before,
                                   std::string_view after) {
  const std::size_t from = text.find(before);
  const std::size_t to = text.rfind(after);
  if (from == std::string_view::npos || to == std::string_view::npos) return std::nullopt;
  const std::size_t start = from + before.size();
  if (start > to) return std::nullopt;
  return std::string(text.substr(start, to - start));
}

Finding summary_below(Segments place, std::string segment) {
  place.push_back(std::move(segment));
  return {std::move(place), "does not fit its schema", true};
}

/// The library's words for what concerns a member or element, from its container's place.
std::optional<Finding> translate_child(const Segments& place, std::string_view text) {
  if (auto name = between(text, "associated with property name '", "'.")) {
    return summary_below(place, std::move(*name));
  }
  if (auto index = between(text, "Failed to validate item #", " in array.")) {
    return summary_below(place, std::move(*index));
  }
  if (auto index = between(text, "Failed to validate item #", " against additional")) {
    return summary_below(place, std::move(*index));
  }
  if (auto name = between(text, "'additionalProperties' constraints: '", "'.")) {
    Finding finding = summary_below(place, std::move(*name));
    return Finding{std::move(finding.place), "is not a known key", false};
  }
  if (auto name = between(text, "Missing required property '", "'.")) {
    return Finding{place, "lacks the key `" + *name + "`", false};
  }
  return std::nullopt;
}

/// "Expected number less than 3.000000" in our words; the description itself where there are none.
std::string reword(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kBeginnings[] = {
      {"Expected number less than or equal to ", "is more than "},
      {"Expected number less than ", "is not less than "},
      {"Expected number greater than or equal to ", "is less than "},
      {"Expected number greater than ", "is not more than "},
      {"Array should contain", "should contain"},
      {"Object should have", "should have"},
      {"String should be", "should be"}};
  if (text.ends_with(".000000")) text.remove_suffix(std::string_view(".000000").size());
  if (text.ends_with('.')) text.remove_suffix(1);
  for (const auto& [theirs, ours] : kBeginnings) {
    if (text.starts_with(theirs)) return std::string(ours).append(text.substr(theirs.size()));
  }
  return std::string(text);
}

Finding translate(const RawViolation& raw) {
  struct Phrase {
    std::string_view theirs;
    std::string_view ours;
    bool is_summary;
  };
  static constexpr Phrase kPhrases[] = {
      {"Failed to validate against child schema", "does not fit its schema", true},
      {"Failed to validate against additional properties", "does not fit its schema", true},
      {"Failed to validate against a conditional", "does not fit its schema", true},
      {"Failed to validate against dependent schema", "does not fit its schema", true},
      {"Failed to validate against any", "fits none of the allowed forms", true},
      {"Failed to validate against exactly one", "fits more than one of the forms", false},
      {"Failed to validate item", "does not fit its schema", true},
      {"Failed to any values", "holds no element of the form that one must have", false},
      {"Target should not validate", "has a form that is not allowed here", false},
  };
  Segments place = place_of(raw);
  if (auto child = translate_child(place, raw.description)) return std::move(*child);
  for (const Phrase& phrase : kPhrases) {
    if (raw.description.starts_with(phrase.theirs)) {
      return {std::move(place), std::string(phrase.ours), phrase.is_summary};
    }
  }
  return {std::move(place), reword(raw.description), false};
}

/// REQUIRES findings sorted by place, those of one place with the summaries last.
void drop_explained_summaries(std::vector<Finding>& findings) {
  std::vector<Finding> kept;
  // Backwards: what lies below a place comes right behind it, and has been decided on by then.
  for (auto finding = findings.rbegin(); finding != findings.rend(); ++finding) {
    const bool explained =
        finding->is_summary &&
        ((!kept.empty() && is_within(kept.back().place, finding->place)) ||
         (finding + 1 != findings.rend() && (finding + 1)->place == finding->place));
    if (!explained) kept.push_back(std::move(*finding));
  }
  std::reverse(kept.begin(), kept.end());
  findings = std::move(kept);
}

bool finding_less(const Finding& a, const Finding& b) {
  if (a.place != b.place) return place_less(a.place, b.place);
  return !a.is_summary && b.is_summary;
}

std::string pointer_of(const Segments& place) {
  std::string pointer;
  for (const std::string& segment : place) append_pointer_segment(pointer, segment);
  return pointer;
}

}  // namespace

std::vector<SchemaViolation> report_violations(const std::vector<RawViolation>& raw) {
  std::vector<Finding> findings;
  findings.reserve(raw.size());
  for (const RawViolation& violation : raw) findings.push_back(translate(violation));
  std::stable_sort(findings.begin(), findings.end(), finding_less);
  drop_explained_summaries(findings);
  std::vector<SchemaViolation> violations;
  for (Finding& finding : findings) {
    SchemaViolation violation{pointer_of(finding.place), std::move(finding.message)};
    const bool is_new = violations.empty() || violations.back().pointer != violation.pointer ||
                        violations.back().message != violation.message;
    if (is_new) violations.push_back(std::move(violation));
  }
  return violations;
}

}  // namespace mlprov::json
