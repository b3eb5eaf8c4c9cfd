// Presets: a cache and a sketch under a name.
#include <algorithm>

#include "gui/app/app.hpp"

namespace sketchscope {

void App::gather_presets() {
  const auto own = built_in_presets();
  presets_.assign(own.begin(), own.end());
  presets_.insert(presets_.end(), settings_.presets.begin(), settings_.presets.end());
}

void App::add_preset_actions() {
  for (const Preset& preset : built_in_presets()) {
    std::string name = "preset_" + preset.name;
    std::ranges::replace(name, ' ', '_');
    actions_.add({.name = std::move(name),
                  .title = "Preset: " + preset.name,
                  .help = preset.help,
                  .run = [this, &preset] {
                    send_(command::SetKnobs{with_preset(state_->wanted, preset)}, "preset");
                  }});
  }
  actions_.add({.name = "save_preset",
                .title = "Preset: save the knobs as…",
                .help = "Cache and sketch under a name, for every later start",
                .only_opens = true,
                .run = [this] {
                  line_editor_.open(
                      {.title = "Save the knobs as a preset",
                       .hint = "A name of its own; Enter saves cache and sketch under it.",
                       .accept = [this](const std::string& name) {
                         change_settings([&](Settings& settings) {
                           keep_preset(settings.presets, name, state_->wanted);
                         });
                         gather_presets();
                         recorder_.note_line("save_preset", name);
                       }});
                }});
  const auto own_preset = [this] { return preset_of(state_->wanted, settings_.presets); };
  actions_.add({.name = "forget_preset",
                .title = "Preset: forget this one",
                .help = "That the knobs are now, where it is one of your own",
                .enabled = [own_preset] { return own_preset() != nullptr; },
                .run =
                    [this, own_preset] {
                      const std::string name = own_preset()->name;
                      change_settings([&](Settings& settings) {
                        std::erase_if(settings.presets,
                                      [&](const Preset& preset) { return preset.name == name; });
                      });
                      gather_presets();
                    }});
}

}  // namespace sketchscope
