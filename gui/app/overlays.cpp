#include "gui/app/overlays.hpp"

namespace sketchscope {

void Overlays::add_actions(ActionTable& actions) {
  actions.add({.name = "palette",
               .title = "Search actions",
               .help = "Everything that can be done, by name",
               .key = control_key('P'),
               .only_opens = true,
               .run = [this] { palette_.open(); }});
  actions.add({.name = "shortcuts",
               .title = "Shortcuts",
               .help = "Every key on one sheet",
               .key = plain_key(Key::f1),
               .only_opens = true,
               .run = [this] { shortcut_sheet_.open(); }});
  actions.add({.name = "messages",
               .title = "Messages",
               .help = "The latest that was said, dismissed or not",
               .key = plain_key(Key::f2),
               .only_opens = true,
               .run = [this] { message_sheet_.open(); }});
}

void Overlays::draw_card_menu(const ControlContext& controls, const ActionTable& actions,
                              const Workspace& workspace) {
  card_menu_.draw(controls, actions, workspace);
}

void Overlays::draw(const ControlContext& controls, const ActionTable& actions, const Rect& area,
                    const Rect& window) {
  notices_.draw(controls, area);
  palette_.draw(controls, actions, window);
  shortcut_sheet_.draw(controls, actions, window);
  message_sheet_.draw(controls, notices_, window);
}

}  // namespace sketchscope
