#pragma once

#include <filesystem>

#include "cli/flags.hpp"
#include "gui/app/view.hpp"

namespace sketchscope::cli {

/// The flags of the results that a figure shows beside the run.
class FigureStudyOptions {
 public:
  void declare(Flags& flags);

  /// Returns the folder of results; empty if none.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Returns which rows of the table are shown, and in what order.
  [[nodiscard]] const panels::PanelChoice& choice() const { return choice_; }

 private:
  std::filesystem::path folder_;
  panels::PanelChoice choice_;
};

}  // namespace sketchscope::cli
