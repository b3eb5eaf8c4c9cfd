#include "gui/report/ranking.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sketchscope::report {

std::vector<const study::StudyRow*> ranked_by_perplexity(std::span<const study::StudyRow> rows) {
  std::vector<const study::StudyRow*> ranked;
  for (const study::StudyRow& row : rows) {
    if (row.figure("perplexity")) ranked.push_back(&row);
  }
  std::ranges::stable_sort(ranked, {}, [](const study::StudyRow* row) {
    return std::pair(*row->figure("perplexity"), study::total_bytes(*row).value_or(0));
  });
  return ranked;
}

std::optional<double> share_of_full(const study::StudyRow& row) {
  const auto bytes = study::total_bytes(row), full = row.figure("memory.kv_full_bytes");
  if (!bytes || !full || *full <= 0) return std::nullopt;
  return *bytes / *full;
}

TableCell interval_cell(const study::StudyRow& row, const std::string& figure) {
  constexpr int kDigits = 4;
  TableCell cell = number_cell(row.figure(figure), kDigits);
  const auto low = row.figure(figure + "_low"), high = row.figure(figure + "_high");
  if (low && high) {
    cell.text +=
        " (" + number_cell(low, kDigits).text + " to " + number_cell(high, kDigits).text + ")";
  }
  return cell;
}

std::optional<Section> ranking_section(std::span<const study::StudyRow> rows) {
  const std::vector<const study::StudyRow*> ranked = ranked_by_perplexity(rows);
  if (ranked.empty()) return std::nullopt;
  Section section{.heading = "By perplexity"};
  section.blocks.emplace_back(Paragraph{
      "All configurations by the perplexity of the texts, the lowest first, in brackets the 95 % "
      "intervals over the texts. Intervals of perplexities hold how hard the texts are and mostly "
      "overlap; those of ratios to the full cache are paired by text, so that this cancels."});
  Table table{.columns = {{""},
                          {"configuration", ColumnKind::sentences},
                          {"perplexity"},
                          {"× full"},
                          {"bytes"},
                          {"of full"},
                          {"texts"}}};
  for (std::size_t at = 0; at < ranked.size(); ++at) {
    const study::StudyRow& row = *ranked[at];
    table.rows.push_back({{std::to_string(at + 1)},
                          {row.name},
                          interval_cell(row, "perplexity"),
                          interval_cell(row, "perplexity_ratio"),
                          bytes_cell(study::total_bytes(row)),
                          percent_cell(share_of_full(row)),
                          number_cell(row.figure("texts"), 4)});
  }
  section.blocks.emplace_back(std::move(table));
  if (const std::size_t without = rows.size() - ranked.size(); without > 0) {
    section.blocks.emplace_back(Paragraph{
        std::to_string(without) + (without == 1 ? " configuration has" : " configurations have") +
        " no perplexity."});
  }
  return section;
}

}  // namespace sketchscope::report
