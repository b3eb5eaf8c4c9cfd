// Notes about steps.
#include "engine/core/error.hpp"
#include "gui/app/app.hpp"
#include "gui/view/step_notes.hpp"

namespace sketchscope {

void App::add_note_actions() {
  actions_.add({.name = "note",
                .title = "Note at the step shown…",
                .help = "Words that mark it on all axes, kept with the saved run",
                .key = KeyChord{.key = key_of('M')},
                .only_opens = true,
                .enabled = [this] { return !history_.empty(); },
                .run =
                    [this] {
                      const auto steps = static_cast<std::int64_t>(history_.size());
                      const std::int64_t step = *selection_.step(steps);
                      const std::uint64_t run = history_.run();
                      line_editor_.open(
                          {.title = "Note at step " + std::to_string(step),
                           .hint = "Enter marks the step on all axes; no words take it away.",
                           .text = note_at(notes_, step),
                           .accept = [this, step, run](const std::string& text) {
                             if (history_.run() != run) {
                               throw UsageError({.what = "note at step " + std::to_string(step),
                                                 .found = "another run",
                                                 .expected = "the one it was begun in"});
                             }
                             set_note(notes_, {step, text});
                             recorder_.note_line("note", text);
                           }});
                    }});
}

}  // namespace sketchscope
