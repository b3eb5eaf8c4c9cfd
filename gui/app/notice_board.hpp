#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/run/live_state.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

/// Returns the area in whose lower right corner messages hide least: over the overview of the run,
/// which other charts show in detail, else over the explanation beside the log of evictions. Where
/// neither is on the screen, `area`.
plot::Rect message_area(const widgets::ItemRegistry& items, const plot::Rect& area);

/// Messages over the panels. Errors stay until they are dismissed; hints fade.
class NoticeBoard {
 public:
  using Listener = std::function<void(std::string_view text)>;

  /// Sets a function that receives every message that is added.
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  void add(const std::vector<run::Notice>& notices);
  void add(run::Notice::Kind kind, std::string text);
  void add_information(std::string text) { add(run::Notice::Kind::information, std::move(text)); }
  void add_error(std::string text) { add(run::Notice::Kind::error, std::move(text)); }
  void dismiss_all() { shown_.clear(); }

  [[nodiscard]] bool empty() const { return shown_.empty(); }
  /// Returns the texts of all errors since the start, oldest first, for scripts.
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }

  /// A message and the number of its consecutive repetitions.
  struct Entry {
    run::Notice::Kind kind;
    std::string text;
    int times = 1;
  };
  /// Returns the latest messages, oldest first, dismissed or not.
  [[nodiscard]] const std::deque<Entry>& log() const { return log_; }

  /// Draws the messages, stacked upwards from the lower right corner of `area`.
  void draw(const widgets::ControlContext& context, const plot::Rect& area);

 private:
  struct Shown {
    run::Notice::Kind kind;
    std::string text;
    double until = 0;  ///< ImGui's time; 0 before it was first drawn, infinite for errors
  };

  std::deque<Shown> shown_;
  std::deque<Entry> log_;
  std::vector<std::string> errors_;
  Listener listener_;
};

}  // namespace sketchscope::app
