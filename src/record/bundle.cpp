#include "mlprov/record/bundle.h"

#include <utility>

#include "mlprov/support/hex.h"
#include "record/bundle_parts.h"
#include "record/fields.h"

namespace mlprov {
namespace {

using record::ObjectForm;

/// The form of each object that some entry refers to.
std::map<Digest32, ObjectForm> wanted_forms(const DirectoryMap& directories) {
  std::map<Digest32, ObjectForm> forms;
  for (const auto& [root, directory] : directories) {
    for (const Slot& slot : directory->slots()) {
      const auto* entry = std::get_if<Entry>(&slot);
      if (entry == nullptr || entry->kind == EntryKind::kTree) continue;
      ObjectForm& form = forms.try_emplace(entry->digest, ObjectForm::kBase64).first->second;
      form = std::max(form, record::form_for(entry->kind));
    }
  }
  return forms;
}

/// Appends `,` between the members of a list.
class Separator {
 public:
  explicit Separator(std::string& out) : out_(out) {}
  void next() {
    if (!first_) out_ += ',';
    first_ = false;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_directory(std::string& out, const Directory& directory) {
  Separator separator(out);
  for (const Slot& slot : directory.slots()) {
    separator.next();
    if (const auto* entry = std::get_if<Entry>(&slot)) {
      out += encode_entry(*entry);
    } else {
      out.append("\"").append(to_hex(std::get<WithheldLeaf>(slot).leaf)).append("\"");
    }
  }
}

void append_object(std::string& out, const Bytes& content, ObjectForm form) {
  const std::string_view text = as_text(content);
  if (form == ObjectForm::kJson) {
    (void)parse_canonical(
        text);  // What an entry of kind json holds is canonical, or no reader takes it.
    out.append("{\"json\":").append(text).append("}");
  } else if (form == ObjectForm::kText) {
    out.append("{\"text\":").append(to_canonical(Json(std::string(text)))).append("}");
  } else {
    out.append("{\"base64\":\"").append(to_base64(content)).append("\"}");
  }
}

void append_objects(std::string& out, const Bundle& bundle) {
  const auto forms = wanted_forms(bundle.directories);
  Separator separator(out);
  for (const auto& [digest, content] : bundle.objects) {
    const auto form = forms.find(digest);
    if (form == forms.end()) {
      record::malformed(record::object_place(digest) + ": no carried entry refers to it");
    }
    separator.next();
    out.append("\"").append(to_hex(digest)).append("\":");
    record::at_place(record::object_place(digest),
                     [&, &bytes = content] { append_object(out, bytes, form->second); });
  }
}

Json log_to_json(const std::optional<BundleLog>& log) {
  if (!log) return nullptr;
  return {{"checkpoint", log->checkpoint}, {"vkey", log->vkey}};
}

void check_forms(const record::BundleParts& parts, const DirectoryMap& directories) {
  const auto forms = wanted_forms(directories);
  for (const auto& [digest, object] : parts.objects) {
    const auto form = forms.find(digest);
    if (form == forms.end()) {
      record::malformed(record::object_place(digest) + ": no carried entry refers to it");
    }
    if (form->second == object.form) continue;
    record::malformed(record::object_place(digest) + ": must be written as " +
                      std::string(record::to_string(form->second)));
  }
}

}  // namespace

std::string encode_bundle(const Bundle& bundle) {
  std::string out = R"({"directories":{)";
  Separator separator(out);
  for (const auto& [root, directory] : bundle.directories) {
    separator.next();
    out.append("\"").append(to_hex(root)).append("\":[");
    append_directory(out, *directory);
    out += ']';
  }
  out.append(R"(},"format":")").append(kBundleFormat).append(R"(","log":)");
  out.append(to_canonical(log_to_json(bundle.log))).append(R"(,"objects":{)");
  append_objects(out, bundle);
  out += R"(},"statements":[)";
  Separator statements(out);
  for (const SignedStatement& statement : bundle.statements) {
    statements.next();
    out += to_canonical(signed_statement_to_json(statement));
  }
  return out += "]}";
}

Bundle parse_bundle(std::string_view text, const JsonLimits& limits) {
  record::BundleParts parts = record::bundle_shape(parse_canonical(text, limits));
  record::verify_signatures(parts);
  Bundle bundle;
  bundle.algorithm = parts.algorithm();
  bundle.directories = record::build_directories(parts);
  record::check_objects(parts);
  check_forms(parts, bundle.directories);
  bundle.statements = std::move(parts.statements);
  bundle.log = std::move(parts.log);
  for (auto& [digest, object] : parts.objects) {
    bundle.objects.emplace_hint(bundle.objects.end(), digest, std::move(object.content));
  }
  return bundle;
}

}  // namespace mlprov
