#include "engine/core/device.hpp"

#include "engine/core/error.hpp"
#include "kernels/cuda_device.hpp"

namespace sketchscope {

std::string cuda_text() {
  return cuda_status();
}

Device device_from(std::string_view name) {
  if (name == "cpu") return Device::cpu;
  if (name == "cuda" && cuda_device()) return Device::cuda;
  throw Error({.what = "device " + std::string(name),
               .found = cuda_text(),
               .expected = "cpu, or cuda where a GPU answers",
               .remedy = "Leave the flag out or give --device cpu"});
}

}  // namespace sketchscope
