#include "gui/report/study_figures.hpp"

#include <algorithm>

#include "engine/measure/heads.hpp"
#include "gui/report/figures.hpp"

namespace sketchscope::report {
namespace {

using Matrix = std::vector<std::vector<double>>;  // (L, H)

/// Returns the medians of a figure by head over the rows of a family; empty if not measured.
Matrix median_map(const StudyView& study, const StudyFamily& family, std::string_view figure) {
  std::vector<Matrix> all;
  for (const study::StudyRow* row : family.rows) {
    const auto& result = study.result_of(*row);
    if (result.contains("by_head")) {
      all.push_back(result["by_head"].at(std::string(figure)).get<Matrix>());
    }
  }
  if (all.empty()) return {};
  Matrix medians = all.front();
  for (std::size_t layer = 0; layer < medians.size(); ++layer) {
    for (std::size_t head = 0; head < medians[layer].size(); ++head) {
      std::vector<double> values;
      for (const Matrix& one : all) values.push_back(one.at(layer).at(head));
      medians[layer][head] = schedule::percentile(std::move(values), 0.5).value_or(0);
    }
  }
  return medians;
}

std::optional<Figure> maps_of(const StudyView& study, HeadMaps figure, std::string_view key) {
  for (const StudyFamily& family : study.at_layer_capacity) {
    Matrix values = median_map(study, family, key);
    if (!values.empty()) figure.maps.push_back({family.name, std::move(values)});
  }
  if (figure.maps.empty()) return std::nullopt;
  figure.configuration = study.results.study.dump();
  return draw(figure);
}

std::string two_decimals(double value) {
  return plot::fixed_text(value, 2);
}

std::string whole_percent(double share) {
  return plot::format_integer(100 * share) + "%";
}

struct MovedHead {
  const StudyFamily* family = nullptr;
  int layer = 0;
  int head = 0;
  std::vector<double> figures;  // in the order of kHeadFigures
};

std::vector<MovedHead> moved_heads(const StudyView& study) {
  std::vector<MovedHead> moved;
  for (const StudyFamily& family : study.at_layer_capacity) {
    std::vector<Matrix> maps;
    for (const measure::HeadFigure& figure : measure::kHeadFigures) {
      maps.push_back(median_map(study, family, figure.name));
    }
    for (std::size_t layer = 0; layer < maps.front().size(); ++layer) {
      for (std::size_t head = 0; head < maps.front()[layer].size(); ++head) {
        MovedHead one{&family, static_cast<int>(layer), static_cast<int>(head)};
        for (const Matrix& map : maps) one.figures.push_back(map[layer][head]);
        moved.push_back(std::move(one));
      }
    }
  }
  std::ranges::stable_sort(moved, std::greater{},
                           [](const MovedHead& one) { return one.figures[1]; });
  return moved;
}

Table most_moved(const StudyView& study) {
  constexpr std::size_t kShown = 12;
  Table table{.columns = {{"configurations", ColumnKind::words},
                          {"layer"},
                          {"head"},
                          {"retained mass"},
                          {"KL, nats"},
                          {"TV"},
                          {"cosine"},
                          {"peak shift"},
                          {"peak moved"}}};
  std::vector<MovedHead> moved = moved_heads(study);
  moved.resize(std::min(moved.size(), kShown));
  for (const MovedHead& one : moved) {
    const auto& figures = one.figures;
    table.rows.push_back({{one.family->name},
                          {std::to_string(one.layer)},
                          {std::to_string(one.head)},
                          percent_cell(figures[0]),
                          number_cell(figures[1], 3),
                          number_cell(figures[2], 3),
                          number_cell(figures[3], 3),
                          number_cell(figures[4], 3),
                          percent_cell(figures[5])});
  }
  return table;
}

}  // namespace

std::optional<Section> head_section(const StudyView& study) {
  const std::string where = at_layer_capacity_text(study);
  auto kl = maps_of(study,
                    {.name = "attention-kl-by-head",
                     .title = "How far attention moved, head by head",
                     .explanation = "KL divergence of a head's attention over what was kept from "
                                    "its attention over everything, under the same query and "
                                    "position by position; mean over the queries looked at. " +
                                    where,
                     .unit = "attention KL in nats",
                     .in_cell = two_decimals},
                    "attention_kl");
  if (!kl) return std::nullopt;
  auto moved = maps_of(study,
                       {.name = "peak-moved-by-head",
                        .title = "How often a head's strongest position was lost",
                        .explanation = "Share of queries under which the position with the most "
                                       "attention is another than with everything kept. " +
                                       where,
                        .unit = "share of queries",
                        .format = plot::format_percent,
                        .in_cell = whole_percent},
                       "peak_moved");
  Section section{.heading = "Attention by layer and head"};
  section.blocks.emplace_back(*std::move(kl));
  if (moved) section.blocks.emplace_back(*std::move(moved));
  section.blocks.emplace_back(Paragraph{
      "The heads that moved most. Retained mass is what the full attention gave to "
      "positions that were still read; TV half the sum of all differences; cosine that of "
      "both attentions as vectors over the positions; peak shift the mean number of "
      "positions between their strongest ones. " +
      where});
  section.blocks.emplace_back(most_moved(study));
  return section;
}

}  // namespace sketchscope::report
