#pragma once

#include <filesystem>
#include <functional>

#include "gui/app/notice_board.hpp"
#include "gui/app/settings.hpp"

namespace sketchscope {

/// The settings with their file, which is written on every change.
class SettingsKeeper {
 public:
  /// Reads the file; errors become messages. An empty path keeps no settings.
  SettingsKeeper(std::filesystem::path file, NoticeBoard& notices);

  [[nodiscard]] const Settings& get() const { return settings_; }
  /// Returns whether the settings persist.
  [[nodiscard]] bool are_kept() const { return !file_.empty(); }
  void change(const std::function<void(Settings&)>& change);

 private:
  std::filesystem::path file_;
  NoticeBoard& notices_;
  Settings settings_;
};

}  // namespace sketchscope
