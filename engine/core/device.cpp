#include "engine/core/device.hpp"

#include "engine/core/error.hpp"
#include "kernels/cuda_device.hpp"

namespace sketchscope {

std::string cuda_text() {
  return cuda_status();
}

void check_device(std::string_view name) {
  if (name == "cpu") return;
  const bool there = cuda_device().has_value();
  throw Error({.what = "device " + std::string(name) + " cannot run a session",
               .found = cuda_text() + (there ? ", whose operations no step uses yet" : ""),
               .expected = "cpu",
               .remedy = "Leave the flag out or give --device cpu"});
}

}  // namespace sketchscope
