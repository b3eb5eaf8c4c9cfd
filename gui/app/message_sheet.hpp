#pragma once

#include "gui/app/notice_board.hpp"

namespace sketchscope {

/// The latest messages, the newest first: what has faded or was dismissed is here.
class MessageSheet {
 public:
  void open() { opening_ = true; }
  void draw(const ControlContext& context, const NoticeBoard& notices, const Rect& window);

 private:
  bool opening_ = false;
};

}  // namespace sketchscope
