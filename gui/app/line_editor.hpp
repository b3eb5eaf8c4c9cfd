#pragma once

#include <functional>
#include <string>

#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

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
  void draw(const ControlContext& context, const Rect& window);

 private:
  /// Returns whether the text was accepted.
  bool take();

  Request request_;
  Popup popup_{"Line", {}};
  std::string mistake_;
};

}  // namespace sketchscope
