#pragma once

#include <functional>

#include "engine/run/command.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/open_target.hpp"
#include "gui/app/run_controller.hpp"
#include "gui/app/shown_run.hpp"
#include "gui/widgets/action.hpp"

namespace sketchscope::app {

/// Begins runs that are given a text token by token: a file's, the clipboard's, that of a saved run
/// or of the run on the screen.
class FeedController {
 public:
  FeedController(ShownRun& run, RunController& control, NoticeBoard& notices)
      : run_(run), control_(control), notices_(notices) {}

  /// Adds the actions; `pick` lets the person choose the file that feed() is to give.
  void add_actions(widgets::ActionTable& actions, std::function<void()> pick);
  /// Gives a text, or the tokens of a saved run. Throws Error on anything else.
  void feed(const OpenTarget& found);

 private:
  void send(run::command::Feed feed);

  ShownRun& run_;
  RunController& control_;
  NoticeBoard& notices_;
};

}  // namespace sketchscope::app
