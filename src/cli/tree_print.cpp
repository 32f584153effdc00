#include "cli/tree_print.h"

#include "cli/entry_text.h"
#include "cli/printable.h"
#include "mlprov/support/hex.h"

namespace mlprov::cli {

std::string TreePrinter::full_path(const std::string& below) const {
  if (base_.empty() || below.empty()) return base_ + below;
  return base_ + "/" + below;
}

std::string TreePrinter::branch(const TreeRow& row) const {
  const bool utf8 = out_.is_utf8();
  std::string text;
  for (std::size_t level = 0; level + 1 < row.is_last.size(); ++level) {
    text += row.is_last[level] ? "    " : utf8 ? "│   " : "|   ";
  }
  if (row.is_last.back()) return text + (utf8 ? "└── " : "`-- ");
  return text + (utf8 ? "├── " : "|-- ");
}

void TreePrinter::count(const TreeRow& row) {
  if (row.entry == nullptr) {
    ++counts_.withheld;
  } else if (row.entry->kind == EntryKind::kTree) {
    ++counts_.directories;
    if (row.directory == nullptr) ++counts_.not_carried;
  } else {
    ++counts_.others;
  }
}

void TreePrinter::print(const TreeRow& row) {
  count(row);
  if (row.entry == nullptr) {
    out_.line(branch(row) + out_.styled(Style::kFaint, "(withheld)"));
    return;
  }
  const bool is_tree = row.entry->kind == EntryKind::kTree;
  std::string facts = entry_facts(*row.entry) + "  " + short_digest(row.entry->digest);
  if (is_tree && row.directory == nullptr) facts += "  not carried";
  if (row.entry->salt) facts += "  salted";
  if (is_stated(row)) facts += "  signed";
  const std::string name = printable(row.entry->name) + (is_tree ? "/" : "");
  out_.line(branch(row) + (is_tree ? out_.styled(Style::kBold, name) : name) + "  " +
            out_.styled(Style::kFaint, facts));
}

Json TreePrinter::describe(const TreeRow& row) {
  count(row);
  if (row.entry == nullptr) {
    return {{"folder", full_path(row.folder)}, {"withheld_leaf", to_hex(row.leaf->leaf)}};
  }
  Json facts = entry_to_json(*row.entry);
  facts["path"] = full_path(row.path);
  facts["signed"] = is_stated(row);
  if (row.entry->kind == EntryKind::kTree) facts["carried"] = row.directory != nullptr;
  return facts;
}

std::string counts_text(const TreeCounts& counts) {
  std::string text = counted(counts.directories, "directory", "directories") + ", " +
                     counted(counts.others, "other entry", "other entries");
  if (counts.withheld > 0) text += "; " + with_commas(counts.withheld) + " withheld";
  if (counts.not_carried > 0) {
    text += "; " + counted(counts.not_carried, "directory", "directories") + " not carried";
  }
  return text;
}

}  // namespace mlprov::cli
