# What R says of nonlinear models on a made-up sample: Rscript choice.R <folder>
#
# Reads choice.csv from the folder and writes choice_results.csv (case, term, estimate, se). Where a package's standard
# errors rest on the expected information or on a numerical Hessian, the Hessian of its log-likelihood at its estimate is
# taken by numDeriv (Richardson), which is the observed information.
suppressMessages({library(sandwich); library(MASS); library(nnet); library(ordinal); library(quantreg); library(numDeriv)})
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
firms <- read.csv(file.path(folder, "choice.csv"))
firms$size <- factor(firms$size, levels = c("micro", "small", "large"))
firms$level <- factor(firms$level, levels = c("none", "low", "medium", "high"), ordered = TRUE)
firms$partner <- factor(firms$partner, levels = c("nobody", "university", "client"))
X <- model.matrix(~ rd + coop + size, firms)
results <- list()

note <- function(case, term, estimate, se = NA)
  results[[length(results) + 1]] <<- data.frame(case = case, term = term, estimate = as.numeric(estimate), se = as.numeric(se))

observed <- function(loglik, at) sqrt(diag(solve(-hessian(loglik, at))))
exactly <- glm.control(epsilon = 1e-14, maxit = 100)

# Logit, with every heteroskedasticity-consistent and the clustered covariance.
logit <- glm(yes ~ rd + coop + size, binomial, firms, control = exactly)
for (type in c("HC0", "HC1", "HC2", "HC3")) note(paste0("logit ", tolower(type)), names(coef(logit)), coef(logit), sqrt(diag(vcovHC(logit, type = type))))
note("logit cluster", names(coef(logit)), coef(logit), sqrt(diag(vcovCL(logit, firms$branch, type = "HC0", cadjust = TRUE))))
# With survey weights: the coefficients of the pseudo-likelihood and its sandwich.
weighted <- suppressWarnings(glm(yes ~ rd + coop + size, binomial, firms, weights = w / mean(w), control = exactly))
note("logit weighted", names(coef(weighted)), coef(weighted), sqrt(diag(sandwich(weighted))))

# Probit, by the observed information.
probit <- glm(yes ~ rd + coop + size, binomial("probit"), firms, control = exactly)
of_probit <- function(b) sum(pnorm(ifelse(firms$yes == 1, 1, -1) * (X %*% b), log.p = TRUE))
note("probit", names(coef(probit)), coef(probit), observed(of_probit, coef(probit)))

# Fractional logit: quasi-likelihood and its sandwich.
fractional <- glm(share ~ rd + coop + size, quasibinomial, firms, control = exactly)
note("fractional", names(coef(fractional)), coef(fractional), sqrt(diag(sandwich(fractional))))

# Negative binomial.
negative <- glm.nb(count ~ rd + coop + size, firms, control = glm.control(epsilon = 1e-14, maxit = 200))
for (again in 1:50) {  # glm.nb stops when the deviance does; a few rounds more bring the last digits
  theta <- theta.ml(firms$count, fitted(negative), limit = 200, eps = 1e-14)
  negative <- glm(count ~ rd + coop + size, negative.binomial(as.numeric(theta)), firms, control = exactly)
}
theta <- as.numeric(theta)
of_counts <- function(p) sum(dnbinom(firms$count, size = 1 / p[5 + 1], mu = exp(X %*% p[1:5]), log = TRUE))
at <- c(coef(negative), alpha = 1 / theta)
note("nb2", names(at), at, observed(of_counts, at))
poisson <- glm(count ~ rd + coop + size, poisson, firms, control = exactly)
ratio <- 2 * (of_counts(at) - as.numeric(logLik(poisson)))
note("nb2 tests", "likelihood ratio", ratio, pchisq(ratio, 1, lower.tail = FALSE) / 2)
m <- fitted(poisson)
trivedi <- summary(lm(((firms$count - m)^2 - firms$count) / m ~ 0 + m))$coef[1, 3]
note("nb2 tests", "Cameron-Trivedi", trivedi, pnorm(trivedi, lower.tail = FALSE))

# Ordered models: clm ends with exact Newton steps. Its cut points stand first.
for (link in c("logit", "probit")) {
  ordered <- clm(level ~ rd + coop + size, data = firms, link = link, control = clm.control(gradTol = 1e-12))
  note(paste("ordered", link), names(coef(ordered)), coef(ordered), sqrt(diag(vcov(ordered))))
}
proportional <- polr(level ~ rd + coop + size, firms, Hess = TRUE, control = list(reltol = 1e-15))
brant <- car::poTest(proportional)
# car 3.1 writes the covariance of two cuts into both of its places and does not turn the second: mirrored here.
V <- brant$vcov
V[lower.tri(V)] <- t(V)[lower.tri(V)]
gaps <- brant$D %*% as.vector(brant$b[, -1])
statistic <- as.numeric(t(gaps) %*% solve(brant$D %*% V %*% t(brant$D), gaps))
note("brant", "all", statistic, pchisq(statistic, brant$df, lower.tail = FALSE))

# Multinomial logit.
multinomial <- multinom(partner ~ rd + coop + size, firms, trace = FALSE, reltol = 1e-16, abstol = 1e-16, maxit = 1000)
errors <- summary(multinomial)$standard.errors
for (row in rownames(coef(multinomial))) note("multinomial", paste0(row, "/", colnames(coef(multinomial))), coef(multinomial)[row, ], errors[row, ])

# Quantiles: coefficients, and the inverse of the kernel estimate of X'fX (Powell 1991). summary(se = "ker") takes a
# normal kernel; here it is Epanechnikov's, with quantreg's bandwidth.
for (tau in c(0.27, 0.61)) {  # at 0.5 the plane is not unique here
  quantile <- rq(y ~ rd + coop + size, tau, firms, method = "br")
  u <- residuals(quantile); h <- bandwidth.rq(tau, nrow(firms), hs = TRUE)
  width <- (qnorm(tau + h) - qnorm(tau - h)) * min(sd(u), IQR(u) / 1.34)
  f <- ifelse(abs(u) < width, 0.75 * (1 - (u / width)^2), 0) / width
  note(paste("quantile", tau), names(coef(quantile)), coef(quantile), sqrt(diag(solve(crossprod(X, X * f)))))
}
weighted <- rq(y ~ rd + coop + size, 0.5, firms, weights = w, method = "br")
note("quantile weighted", names(coef(weighted)), coef(weighted))
write.csv(do.call(rbind, results), file.path(folder, "choice_results.csv"), row.names = FALSE)
