#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gui/app/layout.hpp"
#include "gui/app/notice_board.hpp"
#include "gui/app/open_target.hpp"
#include "gui/plot/theme.hpp"
#include "gui/view/presets.hpp"

namespace sketchscope::app {

/// A person's settings, which persist between starts.
struct Settings {
  static constexpr float kSmallestZoom = 0.7F;
  static constexpr float kLargestZoom = 2.5F;

  plot::Brightness brightness = plot::Brightness::dark;
  plot::Palette palette = plot::Palette::standard;
  float zoom = 1;
  LayoutChoice layout;
  std::map<std::string, LayoutChoice> saved_layouts;
  std::vector<view::Preset> presets;    ///< the person's presets
  std::vector<OpenTarget> recent;       ///< recently opened, newest first
  std::filesystem::path export_folder;  ///< for what actions save; empty for that of the start
  bool tour_seen = false;               ///< seen or declined

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// Returns $XDG_CONFIG_HOME/sketchscope/settings.json, or the path under ~/.config; empty without a
/// home directory.
std::filesystem::path settings_file();

/// Puts a path first among the recent ones and drops the oldest beyond kMostRecent.
inline constexpr std::size_t kMostRecent = 8;
void remember_opened(Settings& settings, const OpenTarget& opened);

/// Reads settings; the defaults if there is no file. Numbers are clamped to what a person can set
/// in the window. Throws Error if the file is damaged.
Settings read_settings(const std::filesystem::path& file);
/// Writes settings, creating the folder; writes a temporary file and renames it. Throws Error.
void write_settings(const std::filesystem::path& file, const Settings& settings);

/// The settings with their file, which is written on every change.
class SettingsStore {
 public:
  /// Reads the file; errors become messages, and a file that cannot be read is left as it is. An
  /// empty path keeps no settings.
  SettingsStore(std::filesystem::path file, NoticeBoard& notices);

  [[nodiscard]] const Settings& get() const { return settings_; }
  /// Returns whether the settings persist.
  [[nodiscard]] bool are_kept() const { return !file_.empty(); }
  void change(const std::function<void(Settings&)>& change);

 private:
  std::filesystem::path file_;
  NoticeBoard& notices_;
  Settings settings_;
};

}  // namespace sketchscope::app
