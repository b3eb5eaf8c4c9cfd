#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/view/running_comparison.hpp"

namespace sketchscope::panels {

/// The place of a comparison's pictures: beside the table, beside one in small letters, or below
/// it.
enum class CompareLayout : std::uint8_t { beside, beside_small, below };
CompareLayout compare_layout(const PanelContext& context);
/// Returns the width of a table beside pictures.
float compare_table_width(const PanelContext& context);

/// The table of a comparison: figures of A, of B and their difference, below them the knobs in
/// which both differ. Columns are as wide as their widest words.
class CompareTable {
 public:
  /// `comparison` is that of the context's runs.
  CompareTable(const PanelContext& context, const view::RunningComparison& comparison);

  /// Returns the height of all rows.
  [[nodiscard]] float height() const;
  /// Draws the rows that fit: the last figures give way to the first knob. A click on the line of
  /// the first other eviction goes to its step.
  void draw(PanelContext& context, const plot::Rect& area) const;

 private:
  /// A line with the values of A and B and what is said of both.
  struct Row {
    std::string name;
    std::array<std::string, 3> values;
    bool comparable = true;
  };
  /// The numbers of rows that are drawn.
  struct Rows {
    std::size_t figures = 0;
    std::size_t knobs = 0;
  };
  [[nodiscard]] Rows rows_in(float height) const;
  using Ends = std::array<float, 3>;  ///< of the columns of values, from the left of the area

  [[nodiscard]] Ends ends(const PanelContext& context, float width) const;
  void draw_head(PanelContext& context, const plot::Rect& area, const Ends& ends) const;
  void draw_row(PanelContext& context, const plot::Rect& line, const Row& row, const Ends& ends,
                bool hovered) const;
  /// Draws the line of the first other eviction.
  void draw_eviction(PanelContext& context, const plot::Rect& line, const Ends& ends) const;
  /// Draws the first `count` knobs.
  void draw_knobs(PanelContext& context, const plot::Rect& area, const Ends& ends,
                  std::size_t count) const;
  [[nodiscard]] plot::TextSize size() const;

  bool small_;  ///< letters
  float pitch_;
  float head_;
  std::vector<Row> figures_;
  std::optional<int> first_other_eviction_;
  Row eviction_;
  bool has_knobs_;
  std::vector<Row> knobs_;
};

/// Draws a run's letter, which begins at `at` or ends there, beside its line in the charts.
void draw_compared_letter(PanelContext& context, std::size_t place, plot::Point at,
                          plot::Align align);

}  // namespace sketchscope::panels
