#pragma once

#include <functional>
#include <string>

#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// A popup where one line is written: a note, a name.
class LineEditor {
 public:
  struct Request {
    std::string title;
    std::string hint;
    std::string text;  ///< to begin with
    /// Takes what was written; the words of an Error that it throws stand below the line.
    std::function<void(const std::string& text)> accept;
  };

  void open(Request request);
  void draw(const ControlContext& context, const Rect& window);

 private:
  /// True once the line was taken.
  bool take();

  Request request_;
  Popup popup_{"Line", {}};
  std::string mistake_;
};

}  // namespace sketchscope
