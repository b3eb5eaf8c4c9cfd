#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/session/run_file.hpp"
#include "gui/app/controls.hpp"

namespace sketchscope {

/// Where a note about a step is written; no words take it away.
class NoteEditor {
 public:
  void open(std::int64_t step, const std::vector<StepNote>& notes);
  [[nodiscard]] bool is_open() const { return open_; }
  void draw(const ControlContext& context, std::vector<StepNote>& notes, const Rect& window);

 private:
  bool open_ = false;
  bool just_opened_ = false;
  std::int64_t step_ = 0;
  std::string text_;
};

/// Puts a note in its place among others, which lie in the order of steps; instead of one that the
/// step had. Without words it takes that away.
void set_note(std::vector<StepNote>& notes, StepNote note);

}  // namespace sketchscope
