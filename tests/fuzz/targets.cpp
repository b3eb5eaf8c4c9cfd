#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {

namespace {

std::vector<Target> all_targets() {
  std::vector<Target> all = {
      safetensors_target(),
      pickle_target(),
      pytorch_target(),
      stored_zip_target(),
      gguf_target(),
      config_target(),
      tokenizer_json_target(),
      tokenizer_files_target(),
      sentencepiece_target(),
      character_map_target(),
      pattern_target(),
      chat_target(),
      prompt_target(),
      utf8_target(),
      npy_target(),
      npz_target(),
      run_file_target(),
      knobs_target(),
      formula_target(),
      grid_target(),
      study_target(),
      typed_target(),
  };
  for (const Target& target : window_targets()) all.push_back(target);
  return all;
}

}  // namespace

const core::Registry<Target>& targets() {
  static const std::vector<Target> kTargets = all_targets();
  static const core::Registry<Target> kRegistry("fuzz target", kTargets);
  return kRegistry;
}

}  // namespace sketchscope::fuzz
