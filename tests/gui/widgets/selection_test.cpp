#include "gui/widgets/selection.hpp"

#include <gtest/gtest.h>

namespace sketchscope::widgets {
namespace {

TEST(EvictionText, IsReadAsItIsWritten) {
  for (const EvictionKey& key : {EvictionKey{120, 3, 58, 0}, EvictionKey{0, 0, 0, 5}}) {
    EXPECT_EQ(parse_eviction(eviction_text(key)), key);
  }
  EXPECT_EQ(eviction_text({120, 3, 58, 0}), "120:3:58");
}

TEST(EvictionText, IsNoneWithoutItsNumbers) {
  for (const char* text : {"", "1", "1:2", "1:2:", "1:2:x", "1:-2:3", "1:2:3:4:5"}) {
    EXPECT_EQ(parse_eviction(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sketchscope::widgets
