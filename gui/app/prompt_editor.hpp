#pragma once

#include <optional>
#include <string>

#include "gui/panels/panel.hpp"
#include "gui/view/run_source.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/popup.hpp"

namespace sketchscope {

/// The editor of a new run's prompt.
class PromptEditor {
 public:
  /// Opens the editor with this prompt.
  void open(std::string prompt);
  void draw(const ControlContext& context, const RunSource& source, const CommandSink& send,
            const Rect& window);

 private:
  void count_tokens(const ModelInfo& model);

  Popup popup_{"Prompt",
               {.width = 56, .height = 26, .top_share = -1, .modal = true, .has_title = true}};
  std::string text_;
  std::optional<std::string> counted_;  ///< the text whose tokens count_ has
  std::string count_;
};

}  // namespace sketchscope
