#pragma once

#include "gui/app/notice_board.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// The list of the latest messages, newest first, including faded and dismissed ones.
class MessageSheet {
 public:
  void open() { popup_.open(); }
  void draw(const ControlContext& context, const NoticeBoard& notices, const Rect& window);

 private:
  Popup popup_{"Messages", {.width = 58, .top_share = 0.12F, .most_share = 0.7F, .grows = true}};
};

}  // namespace sketchscope
