#include "gui/report/study_report.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "engine/core/text.hpp"
#include "engine/study/study_table.hpp"
#include "gui/report/claims.hpp"
#include "gui/report/head_section.hpp"
#include "gui/report/study_figures.hpp"
#include "gui/report/words.hpp"

namespace sketchscope {
namespace {

constexpr double kNearlyFull = 1.05;  // ratio to the full cache's perplexity

std::string text_of(const StudyResults& results, const char* key) {
  return results.study.value(key, "");
}

TableCell verdict_cell(Verdict verdict) {
  switch (verdict) {
    case Verdict::held:
      return {.text = "held", .mark = Mark::good};
    case Verdict::not_held:
      return {.text = "not held", .mark = Mark::bad};
    case Verdict::undecided:
      return {.text = "undecided", .mark = Mark::quiet};
    case Verdict::not_measured:
      break;
  }
  return {.text = "not measured", .mark = Mark::quiet};
}

/// Returns the bytes of a lane other than keys and values.
std::optional<double> bookkeeping_bytes(const StudyRow& row) {
  double bytes = 0;
  for (const char* part : {"memory.sketch_bytes", "memory.statistics_bytes", "memory.tail_bytes"}) {
    const auto measured = row.figure(part);
    if (!measured) return std::nullopt;
    bytes += *measured;
  }
  return bytes;
}

/// Formats a ratio and its interval, if any: "1.104 (1.084 to 1.127)".
TableCell ratio_cell(const StudyRow& row) {
  TableCell cell = number_cell(row.figure("perplexity_ratio"), 4);
  const auto low = row.figure("perplexity_ratio_low"), high = row.figure("perplexity_ratio_high");
  if (low && high) {
    cell.text += " (" + number_cell(low, 4).text + " to " + number_cell(high, 4).text + ")";
  }
  return cell;
}

std::vector<TableCell> row_cells(const StudyRow& row) {
  const auto share = [&]() -> std::optional<double> {
    const auto bytes = total_bytes(row), full = row.figure("memory.kv_full_bytes");
    if (!bytes || !full || *full <= 0) return std::nullopt;
    return *bytes / *full;
  };
  return {{.text = row.name},
          bytes_cell(total_bytes(row)),
          percent_cell(share()),
          bytes_cell(bookkeeping_bytes(row)),
          number_cell(row.figure("perplexity"), 4),
          ratio_cell(row),
          number_cell(row.figure("logit_kl"), 3),
          percent_cell(row.figure("top1_agreement")),
          percent_cell(row.figure("retained_mass")),
          number_cell(row.figure("attention_kl"), 3),
          number_cell(row.figure("continuation.bleu4"), 3),
          percent_cell(row.figure("continuation.token_agreement")),
          percent_cell(row.figure("recall.share")),
          number_cell(row.figure("timing.own_policy_ms"), 2),
          number_cell(row.figure("evictions"), 7)};
}

enum class Breadth : std::uint8_t { page, everything };

bool fits_on_page(const std::string& column) {
  return column != "bookkeeping" && column != "retained mass" && column != "policy, ms";
}

/// Returns `rows` as a table, without columns that were not measured.
Table table_of(const std::vector<const StudyRow*>& rows, Breadth breadth) {
  Table all{.columns = {{"configuration", ColumnKind::sentences},
                        {"bytes"},
                        {"of full"},
                        {"bookkeeping"},
                        {"perplexity"},
                        {"× full"},
                        {"logit KL"},
                        {"same top token"},
                        {"retained mass"},
                        {"attention KL"},
                        {"BLEU-4"},
                        {"same tokens"},
                        {"recall"},
                        {"policy, ms"},
                        {"evictions"}}};
  for (const StudyRow* row : rows) all.rows.push_back(row_cells(*row));
  Table table;
  table.rows.resize(all.rows.size());
  for (std::size_t column = 0; column < all.columns.size(); ++column) {
    const bool measured = std::ranges::any_of(
        all.rows, [&](const auto& cells) { return cells[column].mark != Mark::quiet; });
    const bool shown = breadth == Breadth::everything || fits_on_page(all.columns[column].name);
    if (!measured || !shown) continue;
    table.columns.push_back(all.columns[column]);
    for (std::size_t row = 0; row < all.rows.size(); ++row) {
      table.rows[row].push_back(all.rows[row][column]);
    }
  }
  return table;
}

Section outcome(const StudyView& study) {
  Section section{.heading = "What came out"};
  const auto claims = check_claims(study.rows);
  const auto held = std::ranges::count(claims, Verdict::held, &Claim::verdict);
  const auto missed = std::ranges::count(claims, Verdict::not_held, &Claim::verdict);
  const auto undecided = std::ranges::count(claims, Verdict::undecided, &Claim::verdict);
  const auto open = std::ssize(claims) - held - missed - undecided;
  std::string sum = "Of the claims of the idea behind this study, " + std::to_string(held) +
                    " held and " + std::to_string(missed) + " did not";
  if (undecided > 0) {
    sum += "; " + std::to_string(undecided) +
           " are undecided: with other texts of the same kind they might come out either way, "
           "for their 95 % interval (resampled over the texts) spans the limit";
  }
  if (open > 0) sum += "; what was measured cannot judge " + std::to_string(open);
  section.blocks.emplace_back(Paragraph{sum + "."});
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
  std::vector<const StudyRow*> rows;
  const StudyRow* smallest = nullptr;
  for (const StudyRow& row : study.rows) {
    const auto ratio = row.figure("perplexity_ratio_high");
    if (!ratio || *ratio > kNearlyFull || !total_bytes(row)) continue;
    if (!smallest || total_bytes(row) < total_bytes(*smallest)) smallest = &row;
  }
  if (smallest) {
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
  for (const std::size_t at : pareto_front(study.rows, criterion_of(study.rows).figure)) {
    if (&study.rows[at] != smallest) rows.push_back(&study.rows[at]);
  }
  section.blocks.emplace_back(table_of(rows, Breadth::page));
  return section;
}

Section set_up(const StudyView& study) {
  const StudyResults& results = study.results;
  Section section{.heading = "Set-up"};
  section.blocks.emplace_back(Paragraph{
      "GPT-2 writes a text token by token and keeps a key and a value of every token in every "
      "layer: the cache. Here that cache is capped. When it is full, a policy decides which "
      "position leaves; what is gone can no longer be attended to. Every configuration was fed "
      "the same tokens as a full cache beside it, in the same forward passes."});
  section.blocks.emplace_back(Paragraph{
      "Model: " + text_of(results, "model") + ". Program: " + text_of(results, "version") +
      ". Tokens: " + text_of(results, "material") + " (fingerprint). " +
      workload_text(results.study.value("workload", nlohmann::json::object()))});
  Table table{.columns = {{"knob", ColumnKind::words},
                          {"values", ColumnKind::words},
                          {"what it is", ColumnKind::words}}};
  for (const KnobInfo& knob : knob_table()) {
    if (knob.group == KnobGroup::branching) continue;
    std::vector<std::string> values;
    for (const StudyRow& row : study.rows) {
      const std::string text = knob_text(row.knobs, knob);
      if (std::ranges::find(values, text) == values.end()) values.push_back(text);
    }
    const std::string joined = join({values.begin(), values.end()});
    table.rows.push_back({{std::string(knob.name)},
                          {joined, values.size() > 1 ? Mark::good : Mark::none},
                          {std::string(knob.help), Mark::quiet}});
  }
  section.blocks.emplace_back(std::move(table));
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
  std::vector<const StudyRow*> rows;
  for (const StudyRow& row : study.rows) rows.push_back(&row);
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

Section glossary() {
  constexpr std::array<std::pair<const char*, const char*>, 13> kWords = {{
      {"perplexity",
       "e to the mean surprise per token of the text, in nats; lower is better. “× "
       "full” divides it by the full cache's on the same tokens; in brackets its 95 % interval, "
       "resampled over texts."},
      {"logit KL",
       "how far the next-token distribution lies from the full cache's, in nats, mean "
       "over tokens; 0 is no difference."},
      {"same top token", "share of steps at which the likeliest next token is the full cache's."},
      {"attention KL",
       "the same distance between attention over what was kept and over everything, "
       "under the same query, mean over steps, layers and heads."},
      {"BLEU-4", "likeness of the freely written continuation to the full cache's, 0 to 1."},
      {"same tokens", "share of places at which both continuations have the same token."},
      {"recall", "share of questions about far-back facts answered exactly right."},
      {"bytes", "keys, values, sketch, exact statistics and summary of one lane at its end."},
      {"bookkeeping", "of them, sketch, exact statistics and summary."},
      {"retained mass",
       "share of attention that falls on what was kept, under the same query; mean over steps, "
       "layers and heads."},
      {"policy, ms", "computation a token that a lane's own policy, statistics and sketch took."},
      {"evictions", "positions that left, over all layers and texts."},
      {"baselines",
       "full: nothing leaves; window: the first few and the most recent stay; int8 and "
       "int4: nothing leaves, stored in 8 or 4 bits."},
  }};
  Section section{.heading = "What the words mean"};
  Table table{.columns = {{"word", ColumnKind::words}, {"meaning", ColumnKind::words}}};
  for (const auto& [word, meaning] : kWords) table.rows.push_back({{word}, {meaning}});
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

Document study_report(const StudyResults& results) {
  const StudyView study(results);
  Document document{.title = text_of(results, "question"),
                    .subtitle = "Study “" + text_of(results, "name") +
                                "”: " + std::to_string(results.results.size()) +
                                " configurations of a capped key/value cache of GPT-2"};
  document.sections.push_back(outcome(study));
  document.sections.push_back(best(study));
  add_figures(document, "Quality", quality_figures(study));
  add_figures(document, "What was lost where", sketch_figures(study));
  if (auto heads = head_section(study)) document.sections.push_back(*std::move(heads));
  add_figures(document, "What it costs", cost_figures(study));
  document.sections.push_back(set_up(study));
  document.sections.push_back(all_rows(study));
  document.sections.push_back(glossary());
  return document;
}

}  // namespace sketchscope
