#include "engine/checkpoint/tensor_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A checkpoint of tensors of one number: that at place i is i, or 0 for all.
Checkpoint checkpoint_of(const std::vector<std::string>& names, bool all_equal = false) {
  auto numbers = std::make_shared<std::vector<float>>(names.size());
  Checkpoint checkpoint;
  for (std::size_t i = 0; i < names.size(); ++i) {
    (*numbers)[i] = all_equal ? 0.0F : static_cast<float>(i);
    checkpoint.tensors[names[i]] = {.type = CheckpointTensor::Type::f32,
                                    .type_name = "F32",
                                    .shape = {1},
                                    .bytes = std::as_bytes(std::span(*numbers).subspan(i, 1)),
                                    .strides = {}};
  }
  checkpoint.owners.push_back(numbers);
  return checkpoint;
}

std::vector<std::string> names_in(const Checkpoint& checkpoint) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : checkpoint.tensors) names.push_back(name);
  return names;
}

constexpr const char* kAnchor = "model.embed_tokens.weight";

TEST(TensorNames, LoseWhatWrappersPutIntoThem) {
  EXPECT_EQ(plain_name("_orig_mod.module.transformer.wte.weight"), "wte.weight");
  EXPECT_EQ(plain_name("transformer.module.wte.weight"), "wte.weight");
  EXPECT_EQ(plain_name("model.layers.0._orig_mod.mlp.up_proj.weight"),
            "model.layers.0.mlp.up_proj.weight");
  EXPECT_EQ(plain_name("h.0._checkpoint_wrapped_module.attn.c_attn.bias"), "h.0.attn.c_attn.bias");
}

TEST(TensorNames, KeepWhatOnlyLooksLikeAWrapper) {
  for (const std::string name : {"model.norm.weight", "my_module.weight", "not_orig_mod.weight",
                                 "h.0.module.weight", "transformer", "module"}) {
    EXPECT_EQ(plain_name(name), name);
  }
}

TEST(TensorNames, MustStayDifferentUnlessTheTensorsAreEqual) {
  const std::vector<std::string> names = {"module.a", "a"};
  EXPECT_THAT(names_in(with_plain_names(checkpoint_of(names, true))), ElementsAre("a"));
  try {
    (void)with_plain_names(checkpoint_of(names));
    ADD_FAILURE() << "was taken";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("two different tensors a"));
  }
}

TEST(TensorNames, LoseTheAttributeUnderWhichTheModelLies) {
  EXPECT_THAT(
      names_in(
          without_wrapper(checkpoint_of({"model.lm_head.weight", "model.model.embed_tokens.weight",
                                         "model.model.norm.weight", "step"}),
                          kAnchor)),
      ElementsAre("lm_head.weight", "model.embed_tokens.weight", "model.norm.weight", "step"));
}

TEST(TensorNames, KeepTheAttributeWhereTheAnchorIsThereOrNotTheOnlyOne) {
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"draft.model.embed_tokens.weight", kAnchor},
        {"a.model.embed_tokens.weight", "b.model.embed_tokens.weight"},
        {"a.norm.weight", "b.norm.weight"}}) {
    EXPECT_THAT(names_in(without_wrapper(checkpoint_of(names), kAnchor)),
                ::testing::ElementsAreArray(names));
  }
}

}  // namespace
}  // namespace sketchscope::checkpoint
