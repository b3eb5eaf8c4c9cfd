#include <algorithm>
#include <cmath>

#include "engine/study/study_table.hpp"
#include "gui/report/figures.hpp"
#include "gui/report/study_report.hpp"

namespace sketchscope::report {
namespace {

struct Pair {
  const study::StudyRow* left = nullptr;
  const study::StudyRow* right = nullptr;
};

std::vector<Pair> matching(const std::vector<study::StudyRow>& left,
                           const std::vector<study::StudyRow>& right) {
  std::vector<Pair> pairs;
  for (const study::StudyRow& row : left) {
    const auto other = std::ranges::find(right, row.name, &study::StudyRow::name);
    if (other != right.end()) pairs.push_back({&row, &*other});
  }
  return pairs;
}

std::string shown(const nlohmann::json& value) {
  constexpr std::size_t kMaximum = 160;
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return text.size() <= kMaximum ? text : text.substr(0, kMaximum) + " …";
}

Section set_up_differences(const study::StudyResults& left, const study::StudyResults& right) {
  Table table{.columns = {{"", ColumnKind::words},
                          {"first", ColumnKind::words},
                          {"second", ColumnKind::words}}};
  for (const char* key : {"name", "version", "model", "material", "workload", "grid"}) {
    const nlohmann::json first = left.study.value(key, nlohmann::json());
    const nlohmann::json second = right.study.value(key, nlohmann::json());
    const Mark mark = first == second ? Mark::quiet : Mark::bad;
    table.rows.push_back(
        {{key}, {shown(first)}, {first == second ? "the same" : shown(second), mark}});
  }
  return {.heading = "How they were made", .blocks = {std::move(table)}};
}

Figure one_against_the_other(const std::vector<Pair>& pairs, const study::Criterion& criterion) {
  LineFigure plot{.name = "one-against-the-other",
                  .title = "One study against the other",
                  .explanation =
                      "Each dot is a configuration of both. Below the line, the second "
                      "study came out lower, which is better.",
                  .x_name = "first study, " + criterion.name,
                  .y_name = "second study, " + criterion.name};
  FigureSeries dots{.name = "configurations"}, equal{.name = "equal"};
  for (const Pair& pair : pairs) {
    const auto x = pair.left->figure(criterion.figure), y = pair.right->figure(criterion.figure);
    if (!x || !y) continue;
    dots.dots.push_back({*x, *y});
    equal.line.push_back({*x, *x});
  }
  std::ranges::sort(equal.line, {}, &FigurePoint::x);
  plot.series = {dots, equal};
  return draw(plot);
}

Section figure_differences(std::vector<Pair> pairs, const study::Criterion& criterion) {
  Section section{.heading = "What came out"};
  const auto change = [&](const Pair& pair) {
    const auto from = pair.left->figure(criterion.figure);
    const auto to = pair.right->figure(criterion.figure);
    return from && to ? *to - *from : 0.0;
  };
  const auto same =
      std::ranges::count_if(pairs, [&](const Pair& pair) { return change(pair) == 0; });
  section.blocks.emplace_back(Paragraph{std::to_string(pairs.size()) +
                                        " configurations are in both; in " + std::to_string(same) +
                                        " of them " + criterion.name +
                                        " is the same to the last digit. The largest changes come "
                                        "first."});
  section.blocks.emplace_back(one_against_the_other(pairs, criterion));
  std::ranges::stable_sort(pairs, std::greater{},
                           [&](const Pair& pair) { return std::abs(change(pair)); });
  Table table{.columns = {{"configuration", ColumnKind::words},
                          {criterion.figure + ", first"},
                          {"second"},
                          {"change"},
                          {"perplexity, first"},
                          {"second"},
                          {"bytes, first"},
                          {"second"}}};
  for (const Pair& pair : pairs) {
    table.rows.push_back({{pair.left->name},
                          number_cell(pair.left->figure(criterion.figure), 4),
                          number_cell(pair.right->figure(criterion.figure), 4),
                          number_cell(change(pair), 3),
                          number_cell(pair.left->figure("perplexity"), 5),
                          number_cell(pair.right->figure("perplexity"), 5),
                          bytes_cell(study::total_bytes(*pair.left)),
                          bytes_cell(study::total_bytes(*pair.right))});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

namespace {

Document made_difference_report(const study::StudyResults& left, const study::StudyResults& right) {
  const std::vector<study::StudyRow> first = study::study_rows(left.results),
                                     second = study::study_rows(right.results);
  const std::vector<Pair> pairs = matching(first, second);
  Document document{.title = "What differs between two studies",
                    .subtitle = std::to_string(first.size()) + " and " +
                                std::to_string(second.size()) + " configurations, " +
                                std::to_string(pairs.size()) + " of them in both"};
  document.sections.push_back(set_up_differences(left, right));
  if (!pairs.empty()) {
    document.sections.push_back(figure_differences(pairs, study::criterion_of(first)));
  }
  return document;
}

}  // namespace

Document difference_report(const study::StudyResults& left, const study::StudyResults& right) {
  return study::with_study_json([&] { return made_difference_report(left, right); });
}

}  // namespace sketchscope::report
