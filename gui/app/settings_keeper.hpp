#pragma once

#include <filesystem>
#include <functional>

#include "gui/app/notice_board.hpp"
#include "gui/app/settings.hpp"

namespace sketchscope {

/// What the window remembers of a person, written to its file whenever it changes.
class SettingsKeeper {
 public:
  /// Reads the file; what is wrong with it becomes a message. An empty path remembers nothing.
  SettingsKeeper(std::filesystem::path file, NoticeBoard& notices);

  [[nodiscard]] const Settings& get() const { return settings_; }
  /// Whether there will be a next start that finds them.
  [[nodiscard]] bool are_kept() const { return !file_.empty(); }
  void change(const std::function<void(Settings&)>& change);

 private:
  std::filesystem::path file_;
  NoticeBoard& notices_;
  Settings settings_;
};

}  // namespace sketchscope
