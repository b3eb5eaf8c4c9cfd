#include "engine/core/program.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"

namespace sketchscope::core {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Device, TakesTheProcessor) {
  EXPECT_EQ(device_from("cpu"), Device::cpu);
}

TEST(Device, SaysWhatThereIsWhenItRefusesOne) {
  EXPECT_THAT(cuda_text(), StartsWith("cuda: "));
  try {
    (void)device_from("abacus");
    FAIL() << "there is no such device";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(cuda_text()));
    EXPECT_THAT(error.what(), HasSubstr("--device cpu"));
  }
}

}  // namespace
}  // namespace sketchscope::core
