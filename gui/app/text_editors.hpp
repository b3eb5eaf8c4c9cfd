#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gui/panels/panel.hpp"
#include "gui/view/run_source.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope::app {

/// A popup for editing one line, such as a note or a name.
class LineEditor {
 public:
  struct Request {
    std::string title;
    std::string hint;
    std::string text;  ///< initial text
    /// Receives the text; an Error that it throws is shown below the line.
    std::function<void(const std::string& text)> accept;
  };

  void open(Request request);
  void draw(const widgets::ControlContext& context, const plot::Rect& window);

 private:
  /// Returns whether the text was accepted.
  bool take();

  Request request_;
  widgets::Popup popup_{"Line", {}};
  std::string mistake_;
};

/// The editor of a new run's prompt.
class PromptEditor {
 public:
  void open(std::string prompt);
  void draw(const widgets::ControlContext& context, const view::RunSource& source,
            const panels::CommandSink& send, const plot::Rect& window);

 private:
  void count_tokens(const run::ModelInfo& model);

  widgets::Popup popup_{
      "Prompt", {.width = 56, .height = 26, .top_share = -1, .modal = true, .has_title = true}};
  std::string text_;
  std::optional<std::string> counted_;  ///< the text whose tokens count_ has
  std::string count_;
};

/// The editor of the run's breakpoint.
class BreakpointEditor {
 public:
  void open();
  void draw(const widgets::ControlContext& context, const panels::CommandSink& send,
            const plot::Rect& window);

 private:
  widgets::Popup popup_{"Run until", {}};
  std::string text_ = "eviction";
  std::string mistake_;
};

}  // namespace sketchscope::app
