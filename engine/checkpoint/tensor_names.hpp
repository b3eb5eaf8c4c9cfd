#pragma once

#include <string>

#include "engine/checkpoint/checkpoint.hpp"

namespace sketchscope::checkpoint {

/// Returns the name of a tensor without what wrappers put into it: `_orig_mod.` of torch.compile,
/// `_fsdp_wrapped_module.` and `_checkpoint_wrapped_module.` anywhere; at the beginning `module.`
/// of DataParallel, and `transformer.`, which Hugging Face's GPT2LMHeadModel puts before every name
/// but the head's.
[[nodiscard]] std::string plain_name(std::string name);

/// Gives every tensor its plain name. Throws Error where two tensors that differ have the same one.
[[nodiscard]] Checkpoint with_plain_names(Checkpoint checkpoint);

/// Takes off the attribute under which a wrapper kept the model (`model.`, `net.`, …): what stands
/// before `anchor`, the name of a weight, in the only tensor that ends with it. Returns the
/// checkpoint unchanged where it holds `anchor` itself, or where no tensor or several end with it.
[[nodiscard]] Checkpoint without_wrapper(Checkpoint checkpoint, const std::string& anchor);

}  // namespace sketchscope::checkpoint
