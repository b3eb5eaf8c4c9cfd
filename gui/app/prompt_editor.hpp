#pragma once

#include <optional>
#include <string>

#include "gui/panels/panel.hpp"
#include "gui/view/run_source.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// Where a new run's prompt is written.
class PromptEditor {
 public:
  /// Opens with the prompt of the current run.
  void open(std::string prompt);
  void draw(const ControlContext& context, const RunSource& source, const CommandSink& send,
            const Rect& window);

 private:
  void count_tokens(const ModelInfo& model);

  bool open_ = false;
  bool just_opened_ = false;
  std::string text_;
  std::optional<std::string> counted_;  ///< the text that count_ describes
  std::string count_;
};

}  // namespace sketchscope
