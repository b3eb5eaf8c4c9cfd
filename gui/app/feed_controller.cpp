#include "gui/app/feed_controller.hpp"

#include <imgui.h>

#include <string>
#include <utility>

#include "engine/core/error.hpp"
#include "engine/run/run_file.hpp"

namespace sketchscope::app {

void FeedController::add_actions(widgets::ActionTable& actions, std::function<void()> pick) {
  const auto live = [this] { return run_.state().phase != run::RunPhase::saved; };
  actions.add("feed", "Give it a text…",
              "A text's or a saved run's tokens, each scored: perplexity beside the full "
              "cache's",
              {.key = widgets::control_key('G'),
               .only_opens = true,
               .enabled = live,
               .run = std::move(pick)});
  actions.add("feed_clipboard", "Give it the text of the clipboard", "Token by token, each scored",
              {.enabled = live, .run = [this] {
                 const char* text = ImGui::GetClipboardText();
                 const std::string words = text != nullptr ? text : "";
                 if (words.empty()) {
                   return notices_.add_error("The clipboard holds no text");
                 }
                 send({.text = words});
               }});
  actions.add("feed_again", "Give it these tokens again",
              "Prompt and what was drawn, token by token under the knobs as they are, each scored",
              {.enabled = [this, live] { return live() && run_.history().tokens().size() > 1; },
               .run =
                   [this] {
                     const auto tokens = run_.history().tokens();
                     send({.text = {}, .tokens = {tokens.begin(), tokens.end()}});
                   }});
}

void FeedController::feed(const OpenTarget& found) {
  run::command::Feed feed;
  if (found.kind == OpenTargetKind::run) {
    for (const record::RecordPointer& record : run::load_run(found.path).records) {
      feed.tokens.insert(feed.tokens.end(), record->tokens.begin(), record->tokens.end());
    }
  } else if (found.kind == OpenTargetKind::text) {
    feed.text = read_prompt_file(found.path);
  } else {
    throw core::UsageError(
        {.what = "text to give",
         .found = "a " + std::string(target_kind_name(found.kind)) + ", " + found.path.string(),
         .expected = "a text, or a saved run for its tokens"});
  }
  send(std::move(feed));
}

void FeedController::send(run::command::Feed feed) {
  control_.send()(std::move(feed), "restart");
}

}  // namespace sketchscope::app
