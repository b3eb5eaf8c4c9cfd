#pragma once

#include <filesystem>

#include "gui/cli/subcommand.hpp"
#include "gui/cli/window_options.hpp"

namespace sketchscope {

/// `view`: the window, offscreen on request.
class ViewCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  void draw_offscreen() const;

  WindowOptions window_;
  bool offscreen_ = false;
  int frames_ = 60;
  std::filesystem::path screenshot_;
  int width_ = 1600;
  int height_ = 1000;
};

}  // namespace sketchscope
