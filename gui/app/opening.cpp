#include "gui/app/opening.hpp"

#include <chrono>
#include <utility>

namespace sketchscope {
namespace {

/// Calls a function on destruction, also after an exception.
class AtEnd {
 public:
  explicit AtEnd(std::function<void()> call) : call_(std::move(call)) {}
  ~AtEnd() {
    if (call_) call_();
  }
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;

 private:
  std::function<void()> call_;
};

}  // namespace

Opening::Opening(std::string name, Work work, std::function<void()> wake)
    : name_(std::move(name)), wake_(std::move(wake)) {
  result_ = std::async(std::launch::async, [this, work = std::move(work)] {
    const AtEnd woken(wake_);
    return work([this](double share) { report(share); });
  });
}

Opening::~Opening() {
  cancel();
  if (result_.valid()) result_.wait();
}

void Opening::report(double share) {
  if (cancelled_) throw Cancelled("opening " + name_ + " was given up");
  share_ = share;
  if (wake_) wake_();
}

bool Opening::done() const {
  return result_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

}  // namespace sketchscope
