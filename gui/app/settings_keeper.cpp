#include "gui/app/settings_keeper.hpp"

#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope {

SettingsKeeper::SettingsKeeper(std::filesystem::path file, NoticeBoard& notices)
    : file_(std::move(file)), notices_(notices) {
  if (file_.empty()) return;
  try {
    settings_ = read_settings(file_);
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
  }
}

void SettingsKeeper::change(const std::function<void(Settings&)>& change) {
  const Settings before = settings_;
  change(settings_);
  if (settings_ == before || file_.empty()) return;
  try {
    write_settings(file_, settings_);
  } catch (const Error& error) {
    notices_.add(Notice::Kind::error, error.what());
  }
}

}  // namespace sketchscope
