#include "gui/report/study_report.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "engine/core/text.hpp"
#include "engine/study/study_table.hpp"
#include "gui/report/missing_figures.hpp"
#include "gui/report/ranking.hpp"
#include "gui/report/study_figures.hpp"
#include "gui/report/study_warnings.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope::report {
namespace {

constexpr double kNearlyFull = 1.05;  // ratio to the full cache's perplexity

std::string text_of(const study::StudyResults& results, const char* key) {
  return results.study.value(key, "");
}

TableCell verdict_cell(Verdict verdict) {
  constexpr std::array<std::pair<const char*, Mark>, 6> kVerdicts = {
      {{"held", Mark::good},
       {"not held", Mark::bad},
       {"undecided", Mark::quiet},
       {"no interval", Mark::quiet},
       {"text not readable", Mark::quiet},
       {"not measured", Mark::quiet}}};
  const auto& [text, mark] = kVerdicts[static_cast<std::size_t>(verdict)];
  return {text, mark};
}

/// Returns the bytes of a lane other than keys and values.
std::optional<double> bookkeeping_bytes(const study::StudyRow& row) {
  double bytes = 0;
  for (const char* part : {"memory.sketch_bytes", "memory.statistics_bytes", "memory.tail_bytes"}) {
    const auto measured = row.figure(part);
    if (!measured) return std::nullopt;
    bytes += *measured;
  }
  return bytes;
}

enum class Breadth : std::uint8_t { page, everything };

/// A column of a table of configurations; one of `everything` is left out where space is short.
struct ReportColumn {
  TableColumn column;
  Breadth breadth;
  std::function<TableCell(const study::StudyRow& row)> cell;
};

std::vector<ReportColumn> report_columns() {
  const auto number = [](const char* figure, int digits) {
    return [=](const study::StudyRow& row) { return number_cell(row.figure(figure), digits); };
  };
  const auto percent = [](const char* figure) {
    return [=](const study::StudyRow& row) { return percent_cell(row.figure(figure)); };
  };
  using Row = const study::StudyRow&;
  constexpr auto kPage = Breadth::page, kAll = Breadth::everything;
  return {{{"configuration", ColumnKind::sentences},
           kPage,
           [](Row row) { return TableCell{row.name}; }},
          {{"bytes"}, kPage, [](Row row) { return bytes_cell(study::total_bytes(row)); }},
          {{"of full"}, kPage, [](Row row) { return percent_cell(share_of_full(row)); }},
          {{"bookkeeping"}, kAll, [](Row row) { return bytes_cell(bookkeeping_bytes(row)); }},
          {{"perplexity"}, kPage, number("perplexity", 4)},
          {{"× full"}, kPage, [](Row row) { return interval_cell(row, "perplexity_ratio"); }},
          {{"texts"}, kPage, number("texts", 4)},
          {{"logit KL"}, kPage, number("logit_kl", 3)},
          {{"same top token"}, kPage, percent("top1_agreement")},
          {{"retained mass"}, kAll, percent("retained_mass")},
          {{"attention KL"}, kPage, number("attention_kl", 3)},
          {{"BLEU-4"}, kPage, number("continuation.bleu4", 3)},
          {{"same tokens"}, kPage, percent("continuation.token_agreement")},
          {{"recall"}, kPage, percent("recall.share")},
          {{"load by row", ColumnKind::words},
           kAll,
           [](Row row) {
             return row.row_loads.empty() ? number_cell(std::nullopt, 1)
                                          : TableCell{view::row_loads_text(row.row_loads)};
           }},
          {{"policy, ms"}, kAll, number("timing.own_policy_ms", 2)},
          {{"evictions"}, kPage, number("evictions", 7)}};
}

/// Returns `rows` as a table, without columns that were not measured.
Table table_of(const std::vector<const study::StudyRow*>& rows, Breadth breadth) {
  Table table;
  table.rows.resize(rows.size());
  for (const ReportColumn& column : report_columns()) {
    if (column.breadth == Breadth::everything && breadth == Breadth::page) continue;
    std::vector<TableCell> cells;
    for (const study::StudyRow* row : rows) cells.push_back(column.cell(*row));
    if (std::ranges::count(cells, Mark::quiet, &TableCell::mark) == std::ssize(cells)) continue;
    table.columns.push_back(column.column);
    for (std::size_t at = 0; at < cells.size(); ++at) table.rows[at].push_back(cells[at]);
  }
  return table;
}

// Counts the verdicts in a sentence.
std::string verdicts_text(const std::vector<Claim>& claims) {
  const auto count = [&](Verdict verdict) {
    return std::ranges::count(claims, verdict, &Claim::verdict);
  };
  std::string sum = "Of the claims of the idea behind this study, " +
                    std::to_string(count(Verdict::held)) + " held and " +
                    std::to_string(count(Verdict::not_held)) + " did not";
  if (count(Verdict::undecided) > 0) {
    sum += "; " + std::to_string(count(Verdict::undecided)) +
           " are undecided: with other texts of the same kind they might come out either way, "
           "for their 95 % interval (resampled over the texts) spans the limit";
  }
  if (count(Verdict::no_interval) > 0) {
    sum += "; " + std::to_string(count(Verdict::no_interval)) +
           " have no interval and so no verdict: one text does not tell how others would come out";
  }
  if (count(Verdict::unread) > 0) {
    sum +=
        "; " + std::to_string(count(Verdict::unread)) +
        " have no verdict because the model cannot read the text: how little a cap changes there "
        "does not tell what it costs where the model can";
  }
  if (count(Verdict::not_measured) > 0) {
    sum += "; what was measured cannot judge " + std::to_string(count(Verdict::not_measured));
  }
  return sum + ".";
}

Section outcome(const StudyView& study) {
  const auto claims = check_claims(study.rows, can_read_texts(study) ? Texts::read : Texts::unread);
  Section section{.heading = "What came out"};
  for (std::string& warning : warnings_of(study)) {
    section.blocks.emplace_back(Paragraph{std::move(warning)});
  }
  section.blocks.emplace_back(Paragraph{verdicts_text(claims)});
  Table table{.columns = {{"claim", ColumnKind::sentences},
                          {"", ColumnKind::words},
                          {"what was measured", ColumnKind::sentences}}};
  for (const Claim& claim : claims) {
    table.rows.push_back({{claim.statement}, verdict_cell(claim.verdict), {claim.evidence}});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section best(const StudyView& study) {
  Section section{.heading = "Best configurations"};
  std::vector<const study::StudyRow*> rows;
  const study::StudyRow* smallest = nullptr;
  for (const study::StudyRow& row : study.rows) {
    const auto ratio = row.figure("perplexity_ratio_high");
    if (!ratio || *ratio > kNearlyFull || !study::total_bytes(row)) continue;
    if (!smallest || study::total_bytes(row) < study::total_bytes(*smallest)) smallest = &row;
  }
  if (!can_read_texts(study)) {
    section.blocks.emplace_back(Paragraph{
        "None is called close to the full cache, since the model cannot read the text. The table "
        "shows the Pareto front: each configuration than which no other is both smaller and "
        "closer to the full cache, by logit KL."});
  } else if (smallest) {
    rows.push_back(smallest);
    section.blocks.emplace_back(Paragraph{
        "Fewest bytes with a perplexity that is surely close to the full cache's (the 95 % "
        "interval of their ratio, paired over texts, ends at most 5 % above 1): " +
        smallest->name +
        ". The table shows it first, then the Pareto front: each configuration than which no "
        "other is both smaller and closer to the full cache, by logit KL."});
  } else {
    section.blocks.emplace_back(Paragraph{
        "No configuration is surely within 5 % of the full cache's perplexity (by the 95 % "
        "interval of their ratio, paired over texts). The table "
        "shows the Pareto front: each configuration than which no other is both smaller "
        "and closer to the full cache, by logit KL."});
  }
  for (const std::size_t at :
       study::pareto_front(study.rows, study::criterion_of(study.rows).figure)) {
    const study::StudyRow* row = &study.rows[at];
    if (std::ranges::find(rows, row) == rows.end()) rows.push_back(row);
  }
  section.blocks.emplace_back(table_of(rows, Breadth::page));
  return section;
}

void add_figures(Document& document, const std::string& heading, std::vector<Figure> figures) {
  if (figures.empty()) return;
  Section section{.heading = heading};
  for (Figure& figure : figures) section.blocks.emplace_back(std::move(figure));
  document.sections.push_back(std::move(section));
}

Section all_rows(const StudyView& study) {
  Section section{.heading = "All configurations"};
  std::vector<const study::StudyRow*> rows;
  for (const study::StudyRow& row : study.rows) rows.push_back(&row);
  section.blocks.emplace_back(table_of(rows, Breadth::everything));
  for (const std::string& warning : study.results.warnings) {
    section.blocks.emplace_back(Paragraph{warning});
  }
  if (!study.results.missing.empty()) {
    section.blocks.emplace_back(
        Paragraph{std::to_string(study.results.missing.size()) +
                  " configurations have no result yet; sweep --resume measures them."});
  }
  return section;
}

}  // namespace

namespace {

Document made_study_report(const study::StudyResults& results,
                           std::span<const std::string> references) {
  const StudyView study(results);
  Document document{.title = text_of(results, "question"),
                    .subtitle = "Study “" + text_of(results, "name") +
                                "”: " + std::to_string(results.results.size()) +
                                " configurations of a capped key/value cache of GPT-2"};
  document.sections.push_back(outcome(study));
  document.sections.push_back(best(study));
  if (auto ranking = ranking_section(study.rows)) document.sections.push_back(*std::move(ranking));
  for (const std::string& reference : references) {
    document.sections.push_back(paired_section(study, reference));
  }
  add_figures(document, "Quality", quality_figures(study));
  add_figures(document, "What was lost where", sketch_figures(study));
  if (auto heads = head_section(study)) document.sections.push_back(*std::move(heads));
  add_figures(document, "What it costs", cost_figures(study));
  document.sections.push_back(set_up_section(study));
  document.sections.push_back(all_rows(study));
  document.sections.push_back(glossary_section());
  document.missing = missing_figures(study, document);
  return document;
}

}  // namespace

Document study_report(const study::StudyResults& results, std::span<const std::string> references) {
  return study::with_study_json([&] { return made_study_report(results, references); });
}

}  // namespace sketchscope::report
