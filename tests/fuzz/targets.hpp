#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/registry.hpp"

namespace sketchscope::fuzz {

/// A reader of bytes that nobody trusts, as fuzzers and ordinary tests call it.
struct Target {
  std::string_view name;
  std::string_view help;  ///< what is read
  /// Reads the input and checks what must hold of what was read; returns whether it was accepted.
  /// Throws Violation, or whatever the reader let pass, where there is a defect.
  bool (*run)(std::string_view input) = nullptr;
  /// Returns inputs to start from, each of which is accepted.
  std::vector<std::string> (*seeds)() = nullptr;
};

/// Returns all targets; a new one is a file in this folder and a line in this list.
const core::Registry<Target>& targets();

/// Returns the targets that belong to the window; none in a build without it.
std::vector<Target> window_targets();

// Each of these stands in the file of its name.
Target character_map_target();
Target chat_target();
Target config_target();
Target formula_target();
Target gguf_target();
Target grid_target();
Target knobs_target();
Target npy_target();
Target npz_target();
Target pattern_target();
Target pickle_target();
Target prompt_target();
Target pytorch_target();
Target run_file_target();
Target safetensors_target();
Target script_target();
Target sentencepiece_target();
Target settings_target();
Target stored_zip_target();
Target study_target();
Target tokenizer_files_target();
Target tokenizer_json_target();
Target typed_target();
Target utf8_target();

}  // namespace sketchscope::fuzz
