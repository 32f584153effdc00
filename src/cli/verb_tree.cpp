#include "cli/verb_tree.h"

#include "cli/entry_text.h"
#include "cli/printable.h"
#include "cli/run_argument.h"
#include "cli/run_view.h"
#include "cli/tree_print.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {
namespace {

const VerbText kText{
    "tree", "Show what a run holds, as a tree",
    "Shows names, kinds, sizes, dtypes and shapes, and the first eight characters of each digest.\n"
    "`signed` marks what a statement of its own speaks for. A run that does not verify is not "
    "shown.",
    "  $ mlprov tree run.json\n"
    "  $ mlprov tree run.json before/config --json"};

/// What the argument PATH named.
struct Place {
  const Directory* directory = nullptr;
  const Entry* entry = nullptr;  ///< Null for the top.
};

Place find_place(const MerkleTree& tree, const std::string& path) {
  if (path.empty()) return {&tree.top(), nullptr};
  const Entry* const entry = tree.find(path);
  if (entry == nullptr) {
    throw Refused("the run shows no entry " + path +
                  " (it may be withheld or in a directory that is not carried)");
  }
  if (entry->kind != EntryKind::kTree) return {nullptr, entry};
  const Directory* const directory = tree.directory(entry->digest);
  if (directory == nullptr) throw Refused("the directory " + path + " is not carried");
  return {directory, entry};
}

std::string headline(const VerifiedRun& run, const std::string& path) {
  std::string text = path.empty() ? "run " + run.verdict.run : printable(path);
  text += "  " + std::string(to_string(run.bundle.algorithm));
  return text + (run.verdict.detail.empty() ? "" : "  " + printable(run.verdict.detail));
}

void print_rows(const VerifiedRun& run, const TreeOptions& options, const Place& place,
                const MerkleTree& tree, Output& out) {
  const std::string path = typed_path(options.path);
  if (place.directory == nullptr) {
    out.line(printable(path) + "  " + entry_facts(*place.entry) + "  " +
             to_hex(place.entry->digest));
    return;
  }
  out.line(out.styled(Style::kBold, headline(run, path)));
  TreePrinter printer(out, path, stated_paths(run.bundle));
  const bool is_whole =
      walk_tree(tree, *place.directory, {options.depth, options.max_rows}, [&](const TreeRow& row) {
        printer.print(row);
        return !out.closed();
      });
  out.line();
  out.line(counts_text(printer.counts()));
  if (!is_whole) {
    out.line("cut after " + counted(options.max_rows, "line", "lines") + "; --rows N shows more");
  }
}

void print_json(const VerifiedRun& run, const TreeOptions& options, const Place& place,
                const MerkleTree& tree, Output& out) {
  const std::string path = typed_path(options.path);
  TreePrinter printer(out, path, stated_paths(run.bundle));
  Json entries = Json::array();
  bool is_whole = true;
  if (place.directory != nullptr) {
    is_whole = walk_tree(tree, *place.directory, {options.depth, options.max_rows},
                         [&](const TreeRow& row) {
                           entries.push_back(printer.describe(row));
                           return true;
                         });
  }
  out.json({{"algorithm", to_string(run.bundle.algorithm)},
            {"entries", entries},
            {"entry", place.entry == nullptr ? Json() : entry_to_json(*place.entry)},
            {"is_whole", is_whole},
            {"path", json_text(path)},
            {"run", run.verdict.run}});
}

}  // namespace

void setup_tree(Verbs& verbs) {
  const auto options = std::make_shared<TreeOptions>();
  CLI::App& verb = verbs.add(kText, options, run_tree_verb);
  add_text(verb, {"BUNDLE", "", "The run's bundle file; - is standard input"}, options->run)
      ->required();
  add_text(verb, {"PATH", "", "Show only what is below this path"}, options->path);
  add_count(verb, {"--depth", "N", "Show N levels; default all"}, options->depth);
  add_count(verb, {"--rows", "N", "Stop after N lines; default 100000"}, options->max_rows);
  add_json_flag(verb, options->json);
}

ExitCode run_tree_verb(const TreeOptions& options, Output& out) {
  const VerifiedRun run = open_run(options.run);
  const MerkleTree tree = run_tree(run.bundle);
  const Place place = find_place(tree, typed_path(options.path));
  if (options.json) {
    print_json(run, options, place, tree, out);
  } else {
    print_rows(run, options, place, tree, out);
  }
  return ExitCode::kHolds;
}

}  // namespace mlprov::cli
