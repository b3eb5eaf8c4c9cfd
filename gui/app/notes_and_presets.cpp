#include "gui/app/notes_and_presets.hpp"

#include <algorithm>

#include "engine/core/error.hpp"
#include "gui/view/step_axis.hpp"

namespace sketchscope::app {

NotesAndPresets::NotesAndPresets(ShownRun& run, RunController& control, SettingsStore& settings,
                                 driver::Recorder& recorder)
    : run_(run), control_(control), settings_(settings), recorder_(recorder) {
  gather_presets();
}

void NotesAndPresets::add_actions(widgets::ActionTable& actions) {
  actions.add(
      "note", "Note at the step shown…", "Words that mark it on all axes, kept with the saved run",
      {.key = widgets::plain_key('M'),
       .only_opens = true,
       .enabled = [this] { return !run_.history().empty(); },
       .run =
           [this] {
             const std::int64_t step = *run_.selection().step(run_.steps());
             const std::uint64_t run = run_.history().run();
             line_editor_.open({.title = "Note at step " + std::to_string(step),
                                .hint = "Enter marks the step on all axes; no words take it away.",
                                .text = view::note_at(run_.notes(), step),
                                .accept = [this, step, run](const std::string& text) {
                                  if (run_.history().run() != run) {
                                    throw core::UsageError(
                                        {.what = "note at step " + std::to_string(step),
                                         .found = "another run",
                                         .expected = "the one it was begun in"});
                                  }
                                  run_.write_note({step, text});
                                  recorder_.note_line("note", text);
                                }});
           }});
  add_preset_actions(actions);
  add_knob_actions(actions);
}

void NotesAndPresets::add_knob_actions(widgets::ActionTable& actions) {
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    const std::string name(knob.name);
    actions.add(
        "type_" + name, "Knob " + name + "…", std::string(knob.help),
        {.only_opens = true,
         .enabled = [this] { return run_.state().phase != run::RunPhase::saved; },
         .run =
             [this, &knob, name] {
               line_editor_.open(
                   {.title = name,
                    .hint = std::string(knob.help) + (knob.live ? "" : " Acts on the next run."),
                    .text = settings::knob_text(run_.state().wanted, knob),
                    .accept = [this, name](const std::string& text) {
                      settings::Knobs wanted = run_.state().wanted;
                      settings::set_knob(wanted, name, text);
                      settings::check_knobs(wanted);
                      control_.send()(run::command::SetKnob{name, text}, name);
                    }});
             }});
  }
}

void NotesAndPresets::gather_presets() {
  const auto own = view::built_in_presets();
  presets_.assign(own.begin(), own.end());
  presets_.insert(presets_.end(), settings_.get().presets.begin(), settings_.get().presets.end());
}

void NotesAndPresets::add_preset_actions(widgets::ActionTable& actions) {
  for (const view::Preset& preset : view::built_in_presets()) {
    std::string name = "preset_" + preset.name;
    std::ranges::replace(name, ' ', '_');
    actions.add(std::move(name), "Preset: " + preset.name, preset.help, {.run = [this, &preset] {
                  control_.send()(
                      run::command::SetKnobs{view::with_preset(run_.state().wanted, preset)},
                      "preset");
                }});
  }
  actions.add(
      "save_preset", "Preset: save the knobs as…",
      "Cache and sketch under a name, for every later start",
      {.only_opens = true, .run = [this] {
         line_editor_.open({.title = "Save the knobs as a preset",
                            .hint = "A name of its own; Enter saves cache and sketch under it.",
                            .accept = [this](const std::string& name) {
                              settings_.change([&](Settings& settings) {
                                view::keep_preset(settings.presets, name, run_.state().wanted);
                              });
                              gather_presets();
                              recorder_.note_line("save_preset", name);
                            }});
       }});
  const auto own_preset = [this] {
    return view::preset_of(run_.state().wanted, settings_.get().presets);
  };
  actions.add("forget_preset", "Preset: forget this one",
              "That the knobs are now, where it is one of your own",
              {.enabled = [own_preset] { return own_preset() != nullptr; },
               .run =
                   [this, own_preset] {
                     const std::string name = own_preset()->name;
                     settings_.change([&](Settings& settings) {
                       std::erase_if(settings.presets, [&](const view::Preset& preset) {
                         return preset.name == name;
                       });
                     });
                     gather_presets();
                   }});
}

}  // namespace sketchscope::app
