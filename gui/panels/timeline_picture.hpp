#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trace/machine_speed.hpp"
#include "gui/panels/panel.hpp"
#include "gui/view/step_timeline.hpp"

namespace sketchscope::panels {

/// Returns the colour of the part of a step's time to which an operation counts, the same as in the
/// chart of times.
plot::Color part_color(const plot::Theme& theme, trace::Part part);

/// The part of a step that its time lines show, as shares of the longest of them.
class TimelineZoom {
 public:
  [[nodiscard]] double first() const { return first_; }
  [[nodiscard]] double last() const { return last_; }

  /// The wheel zooms around the mouse, a drag moves, a double click shows all; `area` is the place
  /// of the bars.
  void follow(const Pointer& pointer, const plot::Rect& area);

 private:
  static constexpr double kSmallest = 1e-4;  // share that can be shown

  void show(double first, double last);

  double first_ = 0;
  double last_ = 1;
};

/// One step to draw as lines of bars.
struct TimelinePicture {
  std::vector<view::TimelineLine> lines;
  double ms = 0;            ///< of the axis: from the step's begin on
  std::string title;        ///< before the lines; empty where only one step is drawn
  std::string_view search;  ///< bars without these words are pale
  std::optional<trace::Operation> highlighted;  ///< likewise the bars of other operations
};

/// Returns the height that the picture takes with lines of usual height.
float timeline_height(const plot::Theme& theme, const TimelinePicture& picture);
/// Draws the picture and returns the bar under the mouse; null if there is none.
const view::TimelineBar* draw_timeline(PanelContext& context, const TimelinePicture& picture,
                                       const TimelineZoom& zoom, const plot::Rect& area);
/// Returns the place of the bars in a picture, without its labels.
plot::Rect timeline_bars(const PanelContext& context, const plot::Rect& area);
/// Draws the ticks of the time below the pictures.
void draw_time_axis(PanelContext& context, double ms, const TimelineZoom& zoom,
                    const plot::Rect& area);

/// Draws what is known of a bar beside the mouse; `machine` may be null.
void draw_bar_readout(PanelContext& context, const view::TimelineBar& bar,
                      const trace::MachineSpeed* machine);

}  // namespace sketchscope::panels
