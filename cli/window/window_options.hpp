#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/common_options.hpp"
#include "cli/flags.hpp"
#include "engine/run/worker.hpp"
#include "gui/app/run_loader.hpp"

namespace sketchscope {

/// The flags of all subcommands that show the window, on a display or offscreen.
class WindowOptions {
 public:
  void declare(Flags& flags);

  [[nodiscard]] LoadedModel open() const { return common_.open(); }
  [[nodiscard]] WorkerOptions worker(const LoadedModel& model) const;
  /// Returns how the window opens other models: on the same device and with the same weight type.
  [[nodiscard]] ModelAccess models() const;

 private:
  [[nodiscard]] std::string prompt() const;

  CommonOptions common_;
  std::optional<std::string> prompt_;
  std::filesystem::path prompt_file_;
  bool without_twin_ = false;
  int speed_ = 10;
};

}  // namespace sketchscope
