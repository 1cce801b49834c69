# What R says of outcomes that are seen in part: Rscript limited.R <folder>
#
# Reads firms.csv from the folder; writes results.csv (case, term, estimate, se). Tobit, hurdle and the first parts are
# R packages'. Heckman's model and the bivariate probit are written down here as likelihoods, maximised with numerical
# derivatives: sampleSelection is not in Debian, and VGAM's errors of the bivariate probit are from the expected
# information, not the observed one.
suppressMessages({library(AER); library(pscl); library(VGAM); library(maxLik); library(sandwich)})
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
firms <- read.csv(file.path(folder, "firms.csv"))
results <- list()
note <- function(case, term, estimate, se)
  results[[length(results) + 1]] <<- data.frame(case = case, term = term, estimate = as.numeric(estimate), se = as.numeric(se))
errors <- function(v) sqrt(diag(v))
named <- function(x) sub("(Intercept)", "const", x, fixed = TRUE)

# Tobit: survival's Newton; log(scale) becomes sigma by the delta method.
censored <- AER::tobit(spending ~ size + cooperation, data = firms, control = survreg.control(rel.tolerance = 1e-14))
for (kind in c("classical", "robust")) {
  v <- if (kind == "classical") vcov(censored) else sandwich(censored) * nrow(firms) / (nrow(firms) - 1)
  b <- coef(censored)
  note(paste0("tobit_", kind), c(named(names(b)), "sigma"), c(b, censored$scale),
       errors(v) * c(rep(1, length(b)), censored$scale))
}
both <- AER::tobit(spending ~ size + cooperation, left = 0, right = 3, data = transform(firms, spending = pmin(spending, 3)),
                   control = survreg.control(rel.tolerance = 1e-14))
note("tobit_limits", c(named(names(coef(both))), "sigma"), c(coef(both), both$scale),
     errors(vcov(both)) * c(rep(1, length(coef(both))), both$scale))

# Two parts.
participation <- glm(I(amount > 0) ~ size + market, binomial("probit"), firms, epsilon = 1e-14)
note("two_part", paste0("participation/", named(names(coef(participation)))), coef(participation), NA)
amounts <- glm(amount ~ size + cooperation, Gamma("log"), subset(firms, amount > 0), epsilon = 1e-14)
n <- nrow(firms)
# glm's sandwich has the expected information, X'X; the observed one is X' diag(y / mu) X (Stata's default)
x <- model.matrix(amounts); relative <- amounts$y / fitted(amounts)
A <- solve(crossprod(x * sqrt(relative)))
note("two_part", named(names(coef(amounts))), coef(amounts), errors(A %*% crossprod(x * (relative - 1)) %*% A * n / (n - 1)))

# Hurdle: theta = 1 / alpha.
hurdle <- pscl::hurdle(patents ~ size | size + market, firms, dist = "negbin", zero.dist = "binomial",
                       control = hurdle.control(reltol = 1e-15))
b <- coef(hurdle, "count")
note("hurdle", c(named(names(b)), "alpha"), c(b, 1 / hurdle$theta), NA)
# its Hessian is of finite differences: the errors are taken from one that is as well, but of four points
counted <- subset(firms, patents > 0)
x <- model.matrix(~ size, counted)
nb <- function(p) {
  k <- exp(-p[3]); m <- exp(drop(x %*% p[1:2]))
  sum(dnbinom(counted$patents, size = k, mu = m, log = TRUE) - log1p(-dnbinom(0, size = k, mu = m)))
}
newton <- function(f, start) {
  found <- maxNR(f, start = start, control = list(tol = 0, reltol = 0, gradtol = 1e-9, iterlim = 200))
  list(b = coef(found), v = solve(-hessian4(f, coef(found))))
}
# second differences with Richardson's extrapolation
hessian4 <- function(f, p) {
  second <- function(h) {
    k <- length(p); H <- matrix(0, k, k)
    for (i in 1:k) for (j in i:k) {
      a <- b <- rep(0, k); a[i] <- h; b[j] <- h
      H[i, j] <- H[j, i] <- (f(p + a + b) - f(p + a - b) - f(p - a + b) + f(p - a - b)) / (4 * h^2)
    }
    H
  }
  (4 * second(2e-3) - second(4e-3)) / 3
}
fit <- newton(nb, c(b, -log(hurdle$theta)))
note("hurdle_errors", c("const", "size", "alpha"), c(fit$b[1:2], exp(fit$b[3])), errors(fit$v) * c(1, 1, exp(fit$b[3])))

# Heckman, by maximum likelihood and in two steps (Greene 2018, section 19.4).
z <- model.matrix(~ size + market, firms); x <- model.matrix(~ size + cooperation, firms)
s <- firms$performs == 1; y <- firms$intensity
heckman <- function(p) {
  g <- drop(z %*% p[1:3]); sigma <- exp(p[7]); rho <- tanh(p[8]); u <- (y[s] - drop(x[s, ] %*% p[4:6])) / sigma
  sum(pnorm(-g[!s], log.p = TRUE)) +
    sum(pnorm((g[s] + rho * u) / sqrt(1 - rho^2), log.p = TRUE) + dnorm(u, log = TRUE) - log(sigma))
}
first <- glm(performs ~ size + market, binomial("probit"), firms, epsilon = 1e-14)
g <- drop(z %*% coef(first)); mills <- dnorm(g) / pnorm(g); delta <- mills * (mills + g)
w <- cbind(x, lambda = mills)[s, ]
second <- lm.fit(w, y[s])
bl <- second$coefficients[4]; s2 <- mean(second$residuals^2) + bl^2 * mean(delta[s]); rho2 <- bl^2 / s2
A <- solve(crossprod(w)); D <- delta[s]
info <- crossprod(z * sqrt(ifelse(s, delta, (dnorm(g) / pnorm(-g)) * (dnorm(g) / pnorm(-g) - g)))) # observed
Q <- crossprod(w, D * z[s, ])
V <- s2 * A %*% (crossprod(w, (1 - rho2 * D) * w) + rho2 * Q %*% solve(info) %*% t(Q)) %*% A
note("two_step", c("const", "size", "cooperation", "lambda"), second$coefficients, errors(V))
fit <- newton(heckman, c(coef(first), second$coefficients[1:3], log(sqrt(s2)), atanh(bl / sqrt(s2))))
scale <- c(rep(1, 6), exp(fit$b[7]), 1 - tanh(fit$b[8])^2)
note("heckman", c("selection/const", "selection/size", "selection/market", "const", "size", "cooperation", "sigma", "rho"),
     c(fit$b[1:6], exp(fit$b[7]), tanh(fit$b[8])), errors(fit$v) * scale)

# Bivariate probit: VGAM's estimates, and the observed information of its distribution function.
vg <- vglm(cbind(n00, n01, n10, n11) ~ size, binom2.rho(zero = 3),
           transform(firms, n00 = (1 - product) * (1 - process), n01 = (1 - product) * process,
                     n10 = product * (1 - process), n11 = product * process), epsilon = 1e-14, maxit = 100)
c0 <- coef(vg, matrix = TRUE)
note("biprobit_vgam", c("const", "size", "second/const", "second/size", "rho"),
     c(c0[, 1], c0[, 2], tanh(c0[1, 3] / 2)), NA)
x <- model.matrix(~ size, firms); q1 <- 2 * firms$product - 1; q2 <- 2 * firms$process - 1
# (VGAM's pbinorm has too few digits for second differences: the integral of phi(t) Phi((b - rt) / root) to t = a, by
# Simpson's rule; two Newton steps from VGAM's estimates)
quadrant <- function(a, b, r) {
  steps <- 400; h <- (a + 9) / steps; total <- 0; root <- sqrt(1 - r^2)
  for (i in 0:steps) {
    t <- -9 + i * h
    total <- total + (if (i %in% c(0, steps)) 1 else if (i %% 2) 4 else 2) * dnorm(t) * pnorm((b - r * t) / root)
  }
  total * h / 3
}
biprobit <- function(p) sum(log(quadrant(q1 * drop(x %*% p[1:2]), q2 * drop(x %*% p[3:4]), q1 * q2 * tanh(p[5]))))
slope4 <- function(f, p) sapply(seq_along(p), function(i) {
  e <- replace(rep(0, length(p)), i, 1e-3)
  (8 * (f(p + e) - f(p - e)) - (f(p + 2 * e) - f(p - 2 * e))) / 12e-3
})
fit <- list(b = c(c0[, 1], c0[, 2], c0[1, 3] / 2))
for (step in 1:2) fit <- list(b = fit$b - solve(hessian4(biprobit, fit$b), slope4(biprobit, fit$b)))
fit$v <- solve(-hessian4(biprobit, fit$b))
note("biprobit", c("const", "size", "second/const", "second/size", "rho"), c(fit$b[1:4], tanh(fit$b[5])),
     errors(fit$v) * c(1, 1, 1, 1, 1 - tanh(fit$b[5])^2))

write.csv(do.call(rbind, results), file.path(folder, "results.csv"), row.names = FALSE)
