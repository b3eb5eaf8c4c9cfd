#include "engine/core/device.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Device, TakesTheProcessor) {
  EXPECT_NO_THROW(check_device("cpu"));
}

TEST(Device, SaysWhatThereIsWhenItRefusesTheGpu) {
  EXPECT_THAT(cuda_text(), StartsWith("cuda: "));
  try {
    check_device("cuda");
    FAIL() << "no step runs on the GPU";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(cuda_text()));
    EXPECT_THAT(error.what(), HasSubstr("--device cpu"));
  }
}

}  // namespace
}  // namespace sketchscope
