#include "gui/panels/formula_editor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/policy/formula.hpp"
#include "tests/gui/panels/panel_stage.hpp"

namespace sketchscope::panels {
namespace {

using test::PanelStage;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names_at(std::string_view text, std::size_t caret) {
  std::vector<std::string> names;
  for (const Completion& completion : completions_at(text, caret)) names.push_back(completion.name);
  return names;
}

TEST(Completions, GoOnWithTheWordBeforeTheCaret) {
  EXPECT_THAT(names_at("no", 2), ElementsAre("norm_k", "norm_v"));
  EXPECT_THAT(names_at("mass/que", 8), ElementsAre("queries"));
  EXPECT_THAT(names_at("ma", 2), ElementsAre("mass", "max(", "maxall("));
  EXPECT_THAT(names_at("no + mass", 2), ElementsAre("norm_k", "norm_v")) << "amid the text";
  EXPECT_THAT(names_at("mass", 4), IsEmpty()) << "a whole name";
  EXPECT_THAT(names_at("2e", 2), IsEmpty()) << "a number";
  EXPECT_THAT(names_at("mass ", 5), IsEmpty());
  EXPECT_THAT(names_at("", 0), IsEmpty());
}

class FormulaField : public ::testing::Test {
 protected:
  FormulaField() {
    settings::Knobs knobs;
    knobs.policy = "formula";
    knobs.formula = "last";
    stage.state.wanted = stage.state.applied = knobs;
    stage.draw();
    stage.draw();
  }

  // Clicks into the field, which selects its text, and types without Enter.
  void write(std::string_view words) {
    const auto item = stage.items.find("Knobs/formula");
    ASSERT_TRUE(item.has_value());
    const plot::Point middle = item->rect.center();
    stage.draw({.at = middle}, true);
    stage.draw({.at = middle});
    for (const char letter : words) {
      ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(letter));
      stage.draw();
    }
    stage.draw();
  }

  [[nodiscard]] std::vector<std::string> sent() const {
    std::vector<std::string> values;
    for (const auto& [command, tag] : stage.sent) {
      if (const auto* set = std::get_if<run::command::SetKnob>(&command)) {
        EXPECT_EQ(set->name, "formula");
        EXPECT_EQ(tag, "formula") << "unread ones are replaced";
        values.push_back(set->value);
      }
    }
    return values;
  }

  PanelStage stage{"knobs"};
};

TEST_F(FormulaField, SendsEveryTextThatIsAFormula) {
  write("mass/queries");
  EXPECT_THAT(sent(), ElementsAre("mass", "mass/queries"));
}

TEST_F(FormulaField, SaysTheColumnOfAMistakeAndSendsNothing) {
  write("mass*mess");
  EXPECT_THAT(sent(), ElementsAre("mass"));
  EXPECT_THAT(stage.canvas.words(), HasSubstr("column 6: found 'mess'"));
}

TEST_F(FormulaField, CompletesTheChosenNameWithTab) {
  write("norm");
  EXPECT_THAT(stage.overlay.words(), HasSubstr("norm_v\n"));
  platform::put_key(platform::Key::down, true);
  stage.draw();
  platform::put_key(platform::Key::down, false);
  stage.draw();
  platform::put_key(platform::Key::tab, true);
  stage.draw();
  platform::put_key(platform::Key::tab, false);
  stage.draw();
  EXPECT_THAT(sent(), ElementsAre("n", "norm_v")) << "n is the number of slots";
}

}  // namespace
}  // namespace sketchscope::panels
