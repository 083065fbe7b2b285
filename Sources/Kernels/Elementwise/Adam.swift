import CLineupKernels

/// The numbers of one Adam step (Kingma and Ba 2015, algorithm 1), with decoupled weight decay (Loshchilov and Hutter 2019).
package struct AdamStep: Sendable {
  package var gradientScale, learningRate, beta1, beta2, epsilon: Float
  /// `1 − β1ᵗ` and `1 − β2ᵗ`.
  package var correction1, correction2: Float
  /// The weight decay already multiplied by the learning rate.
  package var decay: Float

  package init(
    gradientScale: Float, learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, correction1: Float,
    correction2: Float, decay: Float
  ) {
    (self.gradientScale, self.learningRate, self.beta1, self.beta2) = (gradientScale, learningRate, beta1, beta2)
    (self.epsilon, self.correction1, self.correction2) = (epsilon, correction1, correction2)
    self.decay = decay
  }
}

/// Updates `parameters` and both moments in place along `gradients`.
package func adam(
  _ step: AdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, firstMoment: UnsafeMutablePointer<Float>,
  secondMoment: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>
) {
  Threads.forEachRange(count, grain: loopGrain / 2) { range in
    let first = range.lowerBound
    ck_adam(
      range.count, parameters + first, firstMoment + first, secondMoment + first, gradients + first,
      step.gradientScale, step.learningRate, step.beta1, step.beta2, step.epsilon, step.correction1, step.correction2,
      step.decay)
  }
}
