#include "engine/core/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace sketchscope::core {
namespace {

// The order of the table is not that of the values.
enum class Tide : std::uint8_t { low, high, neap };
}  // namespace

template <>
inline constexpr std::array enum_names<Tide> = {NamedValue{Tide::neap, "neap"},
                                                NamedValue{Tide::low, "low-water"},
                                                NamedValue{Tide::high, "high-water"}};

namespace {

TEST(EnumNames, GiveEachValueItsWordWhateverTheOrderOfTheTable) {
  EXPECT_EQ(name_of(Tide::low), "low-water");
  EXPECT_EQ(name_of(Tide::high), "high-water");
  EXPECT_EQ(name_of(Tide::neap), "neap");
  for (const auto& [value, name] : enum_names<Tide>) EXPECT_EQ(value_named<Tide>(name), value);
}

TEST(EnumNames, KnowNoOtherWordAndNoOtherValue) {
  EXPECT_FALSE(value_named<Tide>("low"));
  EXPECT_FALSE(value_named<Tide>(""));
  EXPECT_EQ(name_of(static_cast<Tide>(7)), "");
}

TEST(EnumNames, AreOfferedInTheOrderOfTheTable) {
  EXPECT_THAT(names_of<Tide>(), ::testing::ElementsAre("neap", "low-water", "high-water"));
}

}  // namespace
}  // namespace sketchscope::core
