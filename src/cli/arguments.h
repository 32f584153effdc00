#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/output.h"

/// How verbs are declared: the one place that knows the habits of the command-line library.
namespace mlprov::cli {

/// What a verb does once its arguments are known.
using Action = std::function<ExitCode(Output&)>;

/// The command line as the parser must see it. By itself it would take an argument `[a,b]` apart,
/// and it understands `--` only before the first positional.
std::vector<std::string> guard_arguments(int argc, const char* const* argv);
/// The text as the user typed it.
std::string unguarded(std::string text);

/// The words that describe a verb.
struct VerbText {
  std::string name;
  std::string summary;  ///< One line, for the list of verbs.
  std::string details;  ///< Paragraphs, for the verb's own help.
  std::string example;  ///< Lines of a shell session.
};

/// The verbs of the program. The verb that was chosen leaves its action in `chosen`.
class Verbs {
 public:
  explicit Verbs(CLI::App& root) : root_(root) {}

  /// Adds a verb below the program. `run` is called after all arguments were parsed.
  template <typename Options>
  CLI::App& add(const VerbText& text, const std::shared_ptr<Options>& options,
                ExitCode (*run)(const Options&, Output&)) {
    return add_below(root_, text, options, run);
  }

  /// Adds a verb below another: `keys new`.
  template <typename Options>
  CLI::App& add_below(CLI::App& parent, const VerbText& text,
                      const std::shared_ptr<Options>& options,
                      ExitCode (*run)(const Options&, Output&)) {
    CLI::App& verb = describe(parent, text);
    verb.callback([this, options, run] {
      chosen_ = [options, run](Output& out) { return run(*options, out); };
    });
    return verb;
  }

  /// A verb that only holds others.
  CLI::App& add_family(const VerbText& text);

  CLI::App& root() const noexcept { return root_; }
  const Action& chosen() const noexcept { return chosen_; }

 private:
  static CLI::App& describe(CLI::App& parent, const VerbText& text);

  CLI::App& root_;
  Action chosen_;
};

/// An argument: `flags` is a positional's name (`BUNDLE`) or `-o,--output`; `value` is the word
/// for its value in the help.
struct ArgumentText {
  std::string flags;
  std::string value;
  std::string help;
};

CLI::Option* add_text(CLI::App& verb, const ArgumentText& text, std::string& target);
/// May be given several times; a positional takes all words that are left.
CLI::Option* add_texts(CLI::App& verb, const ArgumentText& text, std::vector<std::string>& target);
/// A decimal number.
void add_count(CLI::App& verb, const ArgumentText& text, std::uint64_t& target);
void add_flag(CLI::App& verb, const ArgumentText& text, bool& target);
void add_json_flag(CLI::App& verb, bool& target);

/// Help without the library's column of types.
std::shared_ptr<CLI::FormatterBase> make_help_formatter();

}  // namespace mlprov::cli
