#include "engine/study/rendezvous.hpp"

#include <gtest/gtest.h>

#include <map>

#include "engine/core/error.hpp"

namespace sketchscope::study {
namespace {

std::optional<Rendezvous> found_in(const std::map<std::string, std::string>& variables) {
  return rendezvous_of([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Rendezvous, IsWhatTorchrunSays) {
  const auto found = found_in({{"RANK", "2"},
                               {"WORLD_SIZE", "4"},
                               {"MASTER_ADDR", "10.0.0.7"},
                               {"MASTER_PORT", "4711"},
                               {"SLURM_PROCID", "9"}});
  EXPECT_EQ(found->rank, 2);
  EXPECT_EQ(found->ranks, 4);
  EXPECT_EQ(found->address, "10.0.0.7");
  EXPECT_EQ(found->port, 4711);
}

TEST(Rendezvous, IsWhatSrunSays) {
  const auto found = found_in(
      {{"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "3"}, {"SLURM_STEP_NODELIST", "node[03-05],gpu1"}});
  EXPECT_EQ(found->rank, 1);
  EXPECT_EQ(found->ranks, 3);
  EXPECT_EQ(found->address, "node03");
  EXPECT_EQ(first_host("alone"), "alone");
  EXPECT_EQ(first_host("a,b"), "a");
  EXPECT_EQ(first_host("n[7]"), "n7");
  EXPECT_EQ(first_host("n[01,04]"), "n01");
}

TEST(Rendezvous, IsNoneWhereNothingStartedUs) {
  EXPECT_FALSE(found_in({{"WORLD_SIZE", "4"}}));
}

TEST(Rendezvous, RefusesAnEnvironmentThatMakesNoSense) {
  EXPECT_THROW(found_in({{"RANK", "4"}, {"WORLD_SIZE", "4"}}), core::UsageError);
  EXPECT_THROW(found_in({{"RANK", "0"}}), core::UsageError);
  EXPECT_THROW(found_in({{"RANK", "x"}, {"WORLD_SIZE", "4"}}), core::UsageError);
  EXPECT_THROW(found_in({{"RANK", "0"}, {"WORLD_SIZE", "1"}, {"MASTER_PORT", "0"}}),
               core::UsageError);
}

}  // namespace
}  // namespace sketchscope::study
