#include "gui/app/notice_board.hpp"

#include <imgui.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace sketchscope::app {
namespace {

constexpr std::size_t kMostShown = 3;
constexpr std::size_t kMostLogged = 200;
constexpr double kHintSeconds = 8;
constexpr float kNoticeWidthInUnits = 36;

/// Returns a message without its numbers, by which a dragged knob's messages differ.
std::string without_numbers(const std::string& text) {
  std::string words;
  for (const char letter : text) {
    if (letter < '0' || letter > '9') words += letter;
  }
  return words;
}

}  // namespace

plot::Rect message_area(const widgets::ItemRegistry& items, const plot::Rect& area) {
  for (const char* panel : {"timeline", "why"}) {
    if (const auto card = items.find(panel)) {
      return {area.left, area.top, card->rect.right, card->rect.bottom};
    }
  }
  return area;
}

void NoticeBoard::add(const std::vector<run::Notice>& notices) {
  for (const run::Notice& notice : notices) add(notice.kind, notice.text);
}

void NoticeBoard::add(run::Notice::Kind kind, std::string text) {
  if (kind == run::Notice::Kind::error) errors_.push_back(text);
  if (listener_) listener_(text);
  if (!log_.empty() && log_.back().text == text) {
    ++log_.back().times;
  } else {
    log_.push_back({kind, text});
  }
  while (log_.size() > kMostLogged) log_.pop_front();
  // A repeated message replaces the one that is shown, and so does a hint with other numbers.
  const bool hint = kind == run::Notice::Kind::information;
  const std::string words = without_numbers(text);
  std::erase_if(shown_, [&](const Shown& shown) {
    return shown.text == text ||
           (hint && shown.kind == kind && without_numbers(shown.text) == words);
  });
  shown_.push_back({kind, std::move(text), 0});
  while (shown_.size() > kMostShown) shown_.pop_front();
}

void NoticeBoard::draw(const widgets::ControlContext& context, const plot::Rect& area) {
  const double now = ImGui::GetTime();
  std::erase_if(shown_, [&](const Shown& shown) { return shown.until > 0 && shown.until < now; });

  const plot::Theme& theme = context.theme;
  const float width = std::min(theme.unit() * kNoticeWidthInUnits, area.width());
  float bottom = area.bottom - theme.gap();
  std::optional<std::size_t> dismissed;
  for (std::size_t i = shown_.size(); i-- > 0;) {
    Shown& notice = shown_[i];
    const bool error = notice.kind == run::Notice::Kind::error;
    if (notice.until == 0) {
      notice.until = error ? std::numeric_limits<double>::infinity() : now + kHintSeconds;
    }
    const float pad = theme.padding();
    const float text_width = width - 2 * pad - theme.unit() * 2;
    const ImVec2 text_size = ImGui::CalcTextSize(notice.text.c_str(), nullptr, false, text_width);
    const plot::Rect card{area.right - theme.gap() - width, bottom - text_size.y - 2 * pad,
                          area.right - theme.gap(), bottom};
    const std::string path = "Notices/" + std::to_string(i);
    widgets::begin_card_window(context, path, card);
    context.canvas.fill({card.left, card.top, card.left + 3, card.bottom},
                        error ? theme.bad : theme.accent);
    ImGui::SetCursorScreenPos({card.left + pad, card.top + pad});
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + text_width);
    ImGui::TextUnformatted(notice.text.c_str());
    ImGui::PopTextWrapPos();
    const float side = theme.unit() * 1.6F;
    const plot::Rect close{card.right - side - pad * 0.6F, card.top + pad * 0.6F,
                           card.right - pad * 0.6F, card.top + pad * 0.6F + side};
    if (widgets::icon_button(context, path + "/dismiss", close, widgets::Icon::close,
                             widgets::Emphasis::plain, true, "Dismiss")) {
      dismissed = i;
    }
    ImGui::End();
    bottom = card.top - theme.gap() * 0.6F;
  }
  if (dismissed) shown_.erase(shown_.begin() + static_cast<std::ptrdiff_t>(*dismissed));
}

}  // namespace sketchscope::app
