#include "engine/run/step_inputs.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sketchscope::run {
namespace {

TEST(StepInputs, CountAPromptInOnePassAsOneStep) {
  StepInputs inputs;
  EXPECT_EQ(inputs.steps(), 0U);
  EXPECT_EQ(inputs.first_pass(3), 3U) << "what is fed next is the first";
  inputs.append(std::vector{7, 8, 9});
  inputs.append(std::vector{5});
  inputs.append(std::vector{6});
  EXPECT_EQ(inputs.steps(), 3U);
  EXPECT_EQ(inputs.first_pass(1), 3U);
  EXPECT_EQ(inputs.first_of(0), 7);
  EXPECT_EQ(inputs.first_of(1), 5);
  EXPECT_EQ(inputs.first_of(2), 6);
}

TEST(StepInputs, GoOnAfterTheyWereCut) {
  StepInputs inputs;
  inputs.append(std::vector{7, 8, 9});
  inputs.append(std::vector{5});
  inputs.cut_to(1);
  EXPECT_EQ(inputs.steps(), 1U);
  inputs.append(std::vector{4});
  EXPECT_EQ(inputs.first_of(1), 4);
  inputs.cut_to(0);
  EXPECT_EQ(inputs.steps(), 0U);
  inputs.append(std::vector{2});
  EXPECT_EQ(inputs.first_pass(9), 1U);
}

}  // namespace
}  // namespace sketchscope::run
