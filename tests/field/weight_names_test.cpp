#include "tests/field/weight_files.hpp"

namespace sketchscope::field {
namespace {

using support::TorchFile;
using ::testing::AllOf;
using ::testing::HasSubstr;
namespace pickled = support::pickled;

class WeightNamesOfFiles : public support::WeightFiles {};

TEST_F(WeightNamesOfFiles, MayCarryThePrefixOfAnyWrapper) {
  for (const std::string prefix :
       {"_orig_mod.", "module.", "module._orig_mod.", "_orig_mod.module.", "module.module.",
        "_orig_mod.transformer.", "transformer._orig_mod.", "model.",
        "model._orig_mod.transformer.", "_fsdp_wrapped_module.", "model.module.transformer."}) {
    write_safetensors_as([&](const std::string& name) { return prefix + name; });
    SCOPED_TRACE(prefix);
    expect_the_model();
  }
}

TEST_F(WeightNamesOfFiles, MayCarryThePrefixOfAWrapperInTheMiddle) {
  write_safetensors_as([](const std::string& name) {
    return name.starts_with("h.") ? name.substr(0, 4) + "_orig_mod." + name.substr(4) : name;
  });
  expect_the_model();
}

TEST_F(WeightNamesOfFiles, MayCarryPrefixesInPicklesToo) {
  TorchFile file;
  write_bin(file.zip(pickled::ordered(plain_entries(file, "module._orig_mod.transformer."))));
  expect_the_model();
}

TEST_F(WeightNamesOfFiles, MayNameOneTensorTwiceWhereBothAreEqual) {
  checkpoint::Checkpoint twice = weights_;
  twice.tensors["transformer.wpe.weight"] = twice.tensors.at("wpe.weight");
  support::write_safetensors(twice, folder() / "model.safetensors");
  expect_the_model();
}

TEST_F(WeightNamesOfFiles, MustNotGiveOneNameToTwoTensors) {
  checkpoint::Checkpoint twice = weights_;
  twice.tensors["module.wpe.weight"] = twice.tensors.at("wte.weight");
  support::write_safetensors(twice, folder() / "model.safetensors");
  EXPECT_THAT(message(), AllOf(HasSubstr("two different tensors wpe.weight")));
}

TEST_F(WeightNamesOfFiles, MayHoldTiedWeightsUnderTheHeadsNameAlone) {
  const auto as_head = [](const std::string& name) {
    return name == "wte.weight" ? "lm_head.weight" : "transformer." + name;
  };
  write_safetensors_as(as_head);
  expect_the_model();
  std::filesystem::remove(folder() / "model.safetensors");
  TorchFile file;
  Entries entries = plain_entries(file);
  for (auto& [name, value] : entries) name = as_head(name);
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

TEST_F(WeightNamesOfFiles, MayHoldTiedWeightsUnderTheHeadsNameAndAWrapper) {
  write_safetensors_as([](const std::string& name) {
    return name == "wte.weight" ? "model.lm_head.weight" : "model.transformer." + name;
  });
  expect_the_model();
}

TEST_F(WeightNamesOfFiles, StillMissTheEmbeddingWhereTheHeadIsNotTied) {
  support::write_bytes(folder() / "config.json", [&] {
    std::string config = support::read_bytes(folder() / "config.json");
    const std::string tied = "\"tie_word_embeddings\": true";
    return config.replace(config.find(tied), tied.size(), "\"tie_word_embeddings\": false");
  }());
  write_safetensors_as(
      [](const std::string& name) { return name == "wte.weight" ? "lm_head.weight" : name; });
  EXPECT_THAT(message(), HasSubstr("lacks the tensor wte.weight"));
}

TEST_F(WeightNamesOfFiles, SayThatAMatrixLiesTheOtherWayRound) {
  checkpoint::Checkpoint turned = weights_;
  turned.tensors.at("h.0.attn.c_attn.weight").shape = {48, 16};
  support::write_safetensors(turned, folder() / "model.safetensors");
  EXPECT_THAT(message(), AllOf(HasSubstr("found (48, 16)"), HasSubstr("Save its transpose")));
}

}  // namespace
}  // namespace sketchscope::field
