#include "cli/arguments.h"

#include <charconv>

namespace mlprov::cli {
namespace {

/// Stands before an argument that the parser must not interpret. No shell lets a user type it by
/// chance.
constexpr char kGuard = '\x01';

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() {
    column_width(30);
    label("REQUIRED", "");
    label("OPTIONS", "options");
    label("SUBCOMMAND", "VERB");
    label("Positionals", "Arguments");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_option_text().empty() ? "" : " " + option->get_option_text();
  }

  std::string make_description(const CLI::App* app) const override {
    return app->get_description() + "\n\n";
  }

  std::string make_subcommand(const CLI::App* verb) const override {
    std::stringstream out;
    const std::string text = verb->get_description();
    CLI::detail::format_help(out, verb->get_name(), text.substr(0, text.find('\n')),
                             get_column_width());
    return out.str();
  }
};

}  // namespace

std::vector<std::string> guard_arguments(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  bool is_literal = false;
  for (int i = 1; i < argc; ++i) {
    const std::string text = argv[i];
    if (!is_literal && text == "--") {
      is_literal = true;
    } else if (is_literal || text.starts_with('[') || text.starts_with(kGuard)) {
      arguments.push_back(kGuard + text);
    } else {
      arguments.push_back(text);
    }
  }
  return arguments;
}

std::string unguarded(std::string text) {
  if (text.starts_with(kGuard)) text.erase(0, 1);
  return text;
}

CLI::App& Verbs::describe(CLI::App& parent, const VerbText& text) {
  std::string description = text.summary;
  if (!text.details.empty()) description += "\n\n" + text.details;
  CLI::App& verb = *parent.add_subcommand(text.name, description);
  verb.group("Verbs");
  if (!text.example.empty()) verb.footer("Example:\n" + text.example);
  return verb;
}

CLI::App& Verbs::add_family(const VerbText& text) {
  CLI::App& family = describe(root_, text);
  family.require_subcommand(1);
  return family;
}

CLI::Option* add_text(CLI::App& verb, const ArgumentText& text, std::string& target) {
  const auto take = [&target](const std::string& value) { target = unguarded(value); };
  return verb.add_option_function<std::string>(text.flags, take, text.help)
      ->option_text(text.value)
      ->take_last();
}

CLI::Option* add_texts(CLI::App& verb, const ArgumentText& text, std::vector<std::string>& target) {
  const auto take = [&target](const std::vector<std::string>& values) {
    target.clear();
    for (const std::string& value : values) target.push_back(unguarded(value));
  };
  CLI::Option* const option =
      verb.add_option_function<std::vector<std::string>>(text.flags, take, text.help)
          ->option_text(text.value);
  // Otherwise an option would swallow the words after its value.
  if (text.flags.starts_with('-')) option->expected(1)->allow_extra_args(false)->take_all();
  return option;
}

void add_count(CLI::App& verb, const ArgumentText& text, std::uint64_t& target) {
  const auto take = [&target, name = text.flags](const std::string& value) {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), target);
    if (error != std::errc() || end != value.data() + value.size()) {
      throw CLI::ValidationError(name, "\"" + value + "\" is not a number");
    }
  };
  verb.add_option_function<std::string>(text.flags, take, text.help)->option_text(text.value);
}

void add_flag(CLI::App& verb, const ArgumentText& text, bool& target) {
  verb.add_flag(text.flags, target, text.help)->disable_flag_override();
}

void add_json_flag(CLI::App& verb, bool& target) {
  add_flag(verb, {"--json", "", "Print the facts as JSON"}, target);
}

std::shared_ptr<CLI::FormatterBase> make_help_formatter() {
  return std::make_shared<HelpFormatter>();
}

}  // namespace mlprov::cli
