#include "gui/view/study_sheet.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/study/study_table.hpp"
#include "gui/plot/value_format.hpp"

namespace sketchscope::view {
namespace {

struct SheetFigure {
  std::string_view name;
  std::string_view title;
  std::string_view figure;  // figure of a StudyRow
  SheetFormat format;
  int decimals = 0;  // decimals of a number
};

// The most important figures come first, as those on the right may not fit.
constexpr std::array kFigures = {
    SheetFigure{"bytes", "bytes", "memory.total_bytes", SheetFormat::bytes},
    SheetFigure{"logit_kl", "logit KL", "logit_kl", SheetFormat::number, 4},
    SheetFigure{"perplexity", "perplexity", "perplexity", SheetFormat::number, 3},
    SheetFigure{"ratio", "× full", "perplexity_ratio", SheetFormat::number, 3},
    SheetFigure{"ratio_low", "95 % from", "perplexity_ratio_low", SheetFormat::number, 3},
    SheetFigure{"ratio_high", "to", "perplexity_ratio_high", SheetFormat::number, 3},
    SheetFigure{"top1_agreement", "top token", "top1_agreement", SheetFormat::percent},
    SheetFigure{"recall", "recall", "recall.share", SheetFormat::percent},
    SheetFigure{"attention_kl", "attn. KL", "attention_kl", SheetFormat::number, 3},
    SheetFigure{"token_agreement", "same text", "continuation.token_agreement",
                SheetFormat::percent},
    SheetFigure{"bleu4", "BLEU-4", "continuation.bleu4", SheetFormat::number, 3},
    SheetFigure{"output_error", "output err.", "output_error", SheetFormat::number, 3},
    SheetFigure{"policy_ms", "policy ms", "timing.own_policy_ms", SheetFormat::number, 4},
    SheetFigure{"evictions", "evictions", "evictions", SheetFormat::number},
    SheetFigure{"texts", "texts", "texts", SheetFormat::number},
};

std::string short_title(std::string_view knob) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kShort = {
      {{"max_cache_size", "capacity"},
       {"recent_window", "recent"},
       {"sketch_width", "width"},
       {"sketch_depth", "depth"},
       {"granularity", "tables"}}};
  const auto found = std::ranges::find(kShort, knob, &decltype(kShort)::value_type::first);
  return std::string(found == kShort.end() ? knob : found->second);
}

// Returns the format of a knob's column; numeric knobs sort and compare as numbers.
SheetFormat format_of(const settings::KnobInfo& knob) {
  return knob.choices.empty() && !knob.is_text() ? SheetFormat::number : SheetFormat::words;
}

SheetCell knob_cell(const settings::Knobs& knobs, const settings::KnobInfo& knob) {
  if (!knob.has_effect(knobs)) return {};
  const std::string text = settings::knob_text(knobs, knob);
  return {.text = text, .number = core::parse_number<double>(text)};
}

// Returns the knobs that vary between rows, except for windows that follow from the capacity.
std::vector<const settings::KnobInfo*> varying_knobs(const std::vector<study::StudyRow>& rows) {
  std::vector<const settings::KnobInfo*> varying;
  std::set<std::pair<int, int>> windows;
  std::set<int> capacities;
  for (const study::StudyRow& row : rows) {
    if (!row.knobs.policy->evicts) continue;
    windows.insert({row.knobs.max_cache_size, row.knobs.recent_window});
    capacities.insert(row.knobs.max_cache_size);
  }
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (knob.name == "recent_window" && windows.size() == capacities.size()) continue;
    std::set<std::string> texts;
    for (const study::StudyRow& row : rows) {
      if (knob.has_effect(row.knobs)) texts.insert(settings::knob_text(row.knobs, knob));
    }
    if (texts.size() > 1) varying.push_back(&knob);
  }
  return varying;
}

// Formats with fixed decimals, so that a column's decimal points align.
std::string figure_text(double value, const SheetFigure& figure) {
  if (figure.format == SheetFormat::percent) return plot::format_percent(value);
  if (figure.format == SheetFormat::bytes) return plot::format_bytes(value);
  return plot::fixed_text(value, figure.decimals);
}

// A parsed comparison such as "logit_kl<0.1".
struct SheetComparison {
  std::string column;
  std::string sign;
  std::string value;
};

std::optional<SheetComparison> comparison_of(const std::string& word) {
  const std::size_t at = word.find_first_of("<>=!");
  if (at == std::string::npos || at == 0) return std::nullopt;
  const std::size_t end = word.find_first_not_of("<>=!", at);
  if (end == std::string::npos) return std::nullopt;
  return SheetComparison{word.substr(0, at), word.substr(at, end - at), word.substr(end)};
}

bool holds(const SheetCell& cell, const SheetComparison& comparison) {
  const auto& [column, sign, value] = comparison;
  const auto wanted = core::parse_number<double>(value);
  if (sign == "=" || sign == "==") return cell.text == value || (wanted && cell.number == wanted);
  if (sign == "!=") return cell.text != value && !(wanted && cell.number == wanted);
  if (!wanted || !cell.number) return false;
  if (sign == "<") return *cell.number < *wanted;
  if (sign == "<=") return *cell.number <= *wanted;
  if (sign == ">") return *cell.number > *wanted;
  return *cell.number >= *wanted;
}

/// Returns whether a word of a name begins with `wanted`. A name of several parts, such as
/// recent_window, is one word.
bool has_word(const std::string& name, const std::string& wanted) {
  constexpr std::string_view kApart = " ,;:=/";
  for (std::size_t at = name.find(wanted); at != std::string::npos;
       at = name.find(wanted, at + 1)) {
    if (at == 0 || kApart.find(name[at - 1]) != std::string::npos) return true;
  }
  return false;
}

bool mentions(const StudySheet& sheet, const SheetRow& row, const std::string& word) {
  if (has_word(row.name, word)) return true;
  for (std::size_t at = 0; at < row.cells.size(); ++at) {
    const bool words = sheet.columns[at].format == SheetFormat::words;
    if (words && row.cells[at].text.find(word) != std::string::npos) return true;
  }
  return false;
}

// Returns whether a comparison has no right side yet, such as "logit_kl<", and is ignored.
bool is_unfinished(const std::string& word) {
  const std::size_t at = word.find_first_of("<>=!");
  return at != std::string::npos && word.find_first_not_of("<>=!", at) == std::string::npos;
}

// The test of one word of a filter.
class SheetTest {
 public:
  SheetTest(const StudySheet& sheet, const std::string& word)
      : sheet_(sheet), word_(word), comparison_(comparison_of(word)) {
    if (!comparison_) return;
    constexpr std::array<std::string_view, 7> kSigns = {"<", "<=", ">", ">=", "=", "==", "!="};
    // A column is known by its name and by the title above it.
    auto column = std::ranges::find(sheet.columns, comparison_->column, &SheetColumn::name);
    if (column == sheet.columns.end()) {
      column = std::ranges::find(sheet.columns, comparison_->column, &SheetColumn::title);
    }
    if (column == sheet.columns.end()) {
      std::vector<std::string_view> names;
      for (const SheetColumn& known : sheet.columns) names.push_back(known.name);
      mistake_ = "no column '" + comparison_->column +
                 "', nearest: " + core::join(core::nearest(comparison_->column, names));
    } else if (std::ranges::find(kSigns, comparison_->sign) == kSigns.end()) {
      mistake_ = "no comparison '" + comparison_->sign +
                 "': " + core::join({kSigns.begin(), kSigns.end()});
    }
    column_ = static_cast<std::size_t>(column - sheet.columns.begin());
  }

  [[nodiscard]] const std::string& mistake() const { return mistake_; }
  [[nodiscard]] bool passes(const SheetRow& row) const {
    return comparison_ ? holds(row.cells[column_], *comparison_) : mentions(sheet_, row, word_);
  }

 private:
  const StudySheet& sheet_;
  std::string word_;
  std::optional<SheetComparison> comparison_;
  std::size_t column_ = 0;
  std::string mistake_;
};

void sort_rows(const StudySheet& sheet, const SheetOrder& order, std::vector<std::size_t>& rows) {
  if (!order.column) return;
  const auto cell = [&](std::size_t row) -> const SheetCell& {
    return sheet.rows[row].cells[*order.column];
  };
  std::ranges::stable_sort(rows, [&](std::size_t left, std::size_t right) {
    const SheetCell &a = cell(left), &b = cell(right);
    if (a.text.empty() || b.text.empty()) return !a.text.empty() && b.text.empty();
    if (a.number && b.number) {
      return order.descending ? *a.number > *b.number : *a.number < *b.number;
    }
    return order.descending ? a.text > b.text : a.text < b.text;
  });
}

}  // namespace

namespace {

StudySheet made_study_sheet(const study::StudyResults& results) {
  const auto measured = std::make_shared<const StudyRows>(study::study_rows(results.results));
  const StudyRows& rows = *measured;
  StudySheet sheet{.name = results.study.value("name", ""),
                   .question = results.study.value("question", ""),
                   .model = results.study.value("model", ""),
                   .prompt = results.prompt,
                   .missing = results.missing.size(),
                   .texts = rows.empty() ? 0 : rows.front().texts.size(),
                   .measured = measured};
  const auto knobs = varying_knobs(rows);
  for (const settings::KnobInfo* knob : knobs) {
    sheet.columns.push_back({std::string(knob->name), short_title(knob->name), format_of(*knob)});
  }
  sheet.knob_columns = knobs.size();
  std::vector<const SheetFigure*> figures;
  for (const SheetFigure& figure : kFigures) {
    const std::string key(figure.figure);
    const auto has_it = [&](const study::StudyRow& row) { return row.figure(key).has_value(); };
    if (std::ranges::none_of(rows, has_it)) continue;
    figures.push_back(&figure);
    sheet.columns.push_back({std::string(figure.name), std::string(figure.title), figure.format});
  }
  for (const study::StudyRow& row : rows) {
    SheetRow made{.name = row.name, .knobs = row.knobs};
    for (const settings::KnobInfo* knob : knobs) made.cells.push_back(knob_cell(row.knobs, *knob));
    for (const SheetFigure* figure : figures) {
      const auto value = row.figure(std::string(figure->figure));
      made.cells.push_back(value ? SheetCell{figure_text(*value, *figure), value} : SheetCell{});
    }
    for (std::size_t at = 0; at < made.cells.size(); ++at) {
      std::string& widest = sheet.columns[at].widest;
      if (made.cells[at].text.size() > widest.size()) widest = made.cells[at].text;
    }
    sheet.rows.push_back(std::move(made));
  }
  return sheet;
}

}  // namespace

StudySheet study_sheet(const study::StudyResults& results) {
  return study::with_study_json([&] { return made_study_sheet(results); });
}

std::vector<std::size_t> columns_named(const StudySheet& sheet,
                                       const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    auto column = std::ranges::find(sheet.columns, name, &SheetColumn::name);
    if (column == sheet.columns.end()) {
      column = std::ranges::find(sheet.columns, name, &SheetColumn::title);
    }
    if (column == sheet.columns.end()) {
      std::vector<std::string_view> known;
      for (const SheetColumn& one : sheet.columns) known.push_back(one.name);
      throw core::UsageError({.what = "column of the study",
                              .found = "'" + name + "'",
                              .expected = "some of " + core::join(known)});
    }
    columns.push_back(static_cast<std::size_t>(column - sheet.columns.begin()));
  }
  for (std::size_t at = 0; names.empty() && at < sheet.columns.size(); ++at) columns.push_back(at);
  return columns;
}

SheetSelection select_rows(const StudySheet& sheet, const std::string& filter,
                           const SheetOrder& order) {
  SheetSelection selection;
  std::vector<SheetTest> tests;
  std::istringstream words(filter);
  for (std::string word; words >> word;) {
    if (is_unfinished(word)) continue;
    SheetTest test(sheet, word);
    if (test.mistake().empty()) {
      tests.push_back(std::move(test));
    } else {
      selection.mistake = test.mistake();
    }
  }
  if (!selection.mistake.empty()) tests.clear();
  for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
    const bool passes = std::ranges::all_of(
        tests, [&](const SheetTest& test) { return test.passes(sheet.rows[row]); });
    if (passes) selection.rows.push_back(row);
  }
  sort_rows(sheet, order, selection.rows);
  return selection;
}

DataTable sheet_data(const StudySheet& sheet, const std::vector<std::size_t>& rows) {
  DataTable table{.columns = {"configuration"}};
  for (const SheetColumn& column : sheet.columns) table.columns.push_back(column.name);
  for (const std::size_t at : rows) {
    std::vector<std::string> cells = {sheet.rows[at].name};
    for (const SheetCell& cell : sheet.rows[at].cells) {
      cells.push_back(cell.number ? exact_text(*cell.number) : cell.text);
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace sketchscope::view
