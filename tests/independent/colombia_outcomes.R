# What R says of innovations, counts, levels, shares and public support on the Colombian firms: Rscript
# colombia_outcomes.R <folder>
#
# Reads firms.csv from the folder; writes results.csv (case, term, estimate, se). Where a package's standard errors rest
# on the expected information or on a numerical Hessian, the observed information is taken here, by differences of the
# likelihood's slopes (four points) at the package's estimate.
suppressMessages({library(sandwich); library(survey); library(AER); library(MASS); library(pscl); library(VGAM); library(Matching)})
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
firms <- read.csv(file.path(folder, "firms.csv"), colClasses = c(firm_id = "character", industry = "character"))
firms <- transform(firms, rd = log1p(rd_per_employee), wave = factor(wave), industry_class = factor(industry_class))
results <- list()

note <- function(case, term, estimate, se = NA)
  results[[length(results) + 1]] <<- data.frame(case = case, term = term, estimate = as.numeric(estimate), se = as.numeric(se))
errors <- function(v) sqrt(diag(v))
complete <- function(rows, ...) droplevels(rows[complete.cases(rows[c(...)]), ])
exactly <- glm.control(epsilon = 1e-14, maxit = 100)

# The derivatives of slopes (a vector-valued function of the parameters) at a point, by steps of a standard error's order.
derivative <- function(slopes, at, step = 1e-4) {
  columns <- lapply(seq_along(at), function(i) {
    e <- replace(0 * at, i, step * max(1, abs(at[i])))
    h <- e[i]
    (8 * (slopes(at + e) - slopes(at - e)) - (slopes(at + 2 * e) - slopes(at - 2 * e))) / (12 * h)
  })
  H <- do.call(cbind, columns)
  (H + t(H)) / 2
}
# A few steps of Newton's method: packages stop by the change of the likelihood, which leaves four to eight digits.
polished <- function(slopes, at, steps = 3) {
  for (step in seq_len(steps)) at <- at - solve(derivative(slopes, at), slopes(at))
  list(b = at, v = solve(-derivative(slopes, at)))
}

# Product innovation of active firms: every covariance of sandwich.
active <- complete(subset(firms, innovation_active_oslo4 == 1), "rd", "log_employees", "cooperation", "support_any")
of_products <- product_innovation ~ rnd_performer + rd + cooperation + support_any + log_employees + industry_class + wave
logit <- glm(of_products, binomial, active, control = exactly)
for (type in c("HC0", "HC1", "HC2", "HC3"))
  note(paste0("logit-", tolower(type)), names(coef(logit)), coef(logit), errors(vcovHC(logit, type = type)))
note("logit-firms", names(coef(logit)), coef(logit), errors(vcovCL(logit, active$firm_id, type = "HC0", cadjust = TRUE)))

# Innovators among all firms, by the observed information.
sized <- complete(firms, "log_employees", "tertiary_share")
probit <- glm(innovator ~ log_employees + tertiary_share + industry_class + wave, binomial("probit"), sized, control = exactly)
g <- predict(probit); q <- 2 * sized$innovator - 1; mills <- q * dnorm(g) / pnorm(q * g)
X <- model.matrix(probit)
note("probit", names(coef(probit)), coef(probit), errors(solve(crossprod(X, X * mills * (mills + g)))))

# Trademarks: Poisson, negative binomial, and a hurdle before the first.
counted <- complete(firms, "rd", "log_employees")
of_trademarks <- ip_trademark ~ rnd_performer + rd + log_employees + wave
poisson <- glm(of_trademarks, poisson, counted, control = exactly)
note("poisson-firms", names(coef(poisson)), coef(poisson), errors(vcovCL(poisson, counted$firm_id, type = "HC0", cadjust = TRUE)))
X <- model.matrix(poisson); y <- counted$ip_trademark
rows_nb2 <- function(p, X, y) {  # slopes of each row's NB2 log-likelihood in the coefficients and in alpha
  m <- exp(drop(X %*% p[-length(p)])); a <- p[length(p)]; r <- 1 / a
  cbind(X * (y - m) / (1 + a * m), -r^2 * (digamma(y + r) - digamma(r) - log1p(a * m) + (m - y) / (m + r)))
}
negative <- glm.nb(of_trademarks, counted, control = glm.control(epsilon = 1e-12, maxit = 200))
fit <- polished(function(p) colSums(rows_nb2(p, X, y)), c(coef(negative), 1 / negative$theta))
terms <- c(colnames(X), "alpha")
note("nb2-package", terms, c(coef(negative), 1 / negative$theta))
note("nb2", terms, fit$b, errors(fit$v))
G <- length(unique(counted$firm_id))
by_firm <- rowsum(rows_nb2(fit$b, X, y), counted$firm_id)
note("nb2-firms", terms, fit$b, errors(fit$v %*% crossprod(by_firm) %*% fit$v * G / (G - 1)))

# The truncated counts of trademarks have no largest likelihood: alpha grows without end, which pscl does not tell.
unbounded <- pscl::hurdle(of_trademarks, counted, dist = "negbin", zero.dist = "binomial")
note("hurdle-unbounded", c("const", "alpha"), c(coef(unbounded, "count")[1], 1 / unbounded$theta))

# Staff in research: a hurdle before the first.
staffed <- complete(firms, "emp_rnd", "log_employees", "tertiary_share")
of_staff <- emp_rnd ~ log_employees + tertiary_share + wave
hurdle <- pscl::hurdle(of_staff, staffed, dist = "negbin", zero.dist = "binomial", control = hurdle.control(reltol = 1e-15))
first <- glm(update(of_staff, I(emp_rnd > 0) ~ .), binomial, staffed, control = exactly)
X <- model.matrix(first); y <- staffed$emp_rnd; k <- ncol(X); more <- y > 0
terms <- c(colnames(X), "alpha")
b <- c(coef(hurdle, "count"), 1 / hurdle$theta)
note("hurdle-package", c(terms, paste0("participation/", colnames(X))), c(b, coef(hurdle, "zero")))
slopes_truncated <- function(p) {
  X <- X[more, ]; y <- y[more]; m <- exp(drop(X %*% p[seq_len(k)])); a <- p[k + 1]; r <- 1 / a
  # P(0) = (1 + a m)^(-1/a); the likelihood loses log(1 - P(0)), whose slope is added
  zero <- (1 + a * m)^-r; odds <- zero / (1 - zero)
  colSums(rows_nb2(p, X, y)) +
    c(colSums(X * (-odds * m / (1 + a * m))), sum(odds * (r^2 * log1p(a * m) - r * m / (1 + a * m))))
}
fit <- polished(slopes_truncated, b)
note("hurdle", c(terms, paste0("participation/", colnames(X))), c(fit$b, coef(first)), c(errors(fit$v), errors(vcov(first))))

# With two waves, Poisson with effects of firms and waves is the binomial model of how a firm's total falls on the later
# one (Hausman, Hall and Griliches 1984).
seen <- complete(subset(firms, wave %in% c("2013", "2015")), "rd", "log_employees")
pairs <- merge(subset(seen, wave == "2013"), subset(seen, wave == "2015"), by = "firm_id", suffixes = c("_1", "_2"))
pairs <- transform(subset(pairs, ip_trademark_1 + ip_trademark_2 > 0), rd = rd_2 - rd_1, size = log_employees_2 - log_employees_1)
within <- glm(cbind(ip_trademark_2, ip_trademark_1) ~ rd + size, binomial, pairs, control = exactly)
terms <- c("rd", "size")
note("counts-within", terms, coef(within)[terms], errors(vcov(within))[terms])
G <- nrow(pairs)
note("counts-within-firms", terms, coef(within)[terms], errors(sandwich(within) * G / (G - 1))[terms])

# Shares of new products: the quasi-likelihood of a share, and Tobit with one limit and with two.
active <- complete(subset(firms, innovation_active_oslo4 == 1), "rd", "log_employees", "new_product_fraction")
of_shares <- new_product_fraction ~ rnd_performer + rd + log_employees + wave
share <- glm(of_shares, quasibinomial, active, control = exactly)
note("share", names(coef(share)), coef(share), errors(sandwich(share)))
for (right in c(Inf, 1)) {
  tobit <- AER::tobit(of_shares, left = 0, right = right, data = active, control = survreg.control(rel.tolerance = 1e-14))
  scale <- c(rep(1, length(coef(tobit))), tobit$scale)  # the package's last parameter is the logarithm of sigma
  note(paste0("tobit-", right), c(names(coef(tobit)), "sigma"), c(coef(tobit), tobit$scale), errors(vcov(tobit)) * scale)
  if (right == Inf) {
    n <- nrow(active)
    note("tobit-robust", c(names(coef(tobit)), "sigma"), c(coef(tobit), tobit$scale), errors(sandwich(tobit) * n / (n - 1)) * scale)
  }
}

# Research of two parts: whether, and the logarithm of how much.
counted <- complete(firms, "rd_expenditure", "log_employees", "tertiary_share")
of_whether <- I(rd_expenditure > 0) ~ log_employees + tertiary_share + wave
whether <- glm(of_whether, binomial, counted, control = exactly)
n <- nrow(counted)
note("two-part", paste0("participation/", names(coef(whether))), coef(whether), errors(sandwich(whether) * n / (n - 1)))
amount <- lm(log(rd_expenditure) ~ log_employees + tertiary_share + wave, subset(counted, rd_expenditure > 0))
note("two-part", names(coef(amount)), coef(amount), errors(sandwich(amount) * n / (n - 1)))

# How high a barrier own funds are (0, 2, 3), in the order of the levels.
asked <- complete(firms, "barrier_own_funds", "log_employees", "tertiary_share")
asked$barrier <- factor(asked$barrier_own_funds, ordered = TRUE)
of_barriers <- barrier ~ log_employees + tertiary_share + wave
X <- model.matrix(of_barriers, asked)[, -1]; k <- ncol(X); level <- as.integer(asked$barrier)
for (link in c("logistic", "probit")) {
  F <- if (link == "logistic") plogis else pnorm
  f <- if (link == "logistic") dlogis else dnorm
  slopes <- function(p) {  # in the coefficients, then in the two cuts
    cuts <- c(-Inf, p[k + 1:2], Inf); xb <- drop(X %*% p[seq_len(k)])
    upper <- cuts[level + 1] - xb; lower <- cuts[level] - xb; chance <- F(upper) - F(lower)
    c(colSums(X * (f(lower) - f(upper)) / chance),
      sum(f(upper)[level == 1] / chance[level == 1]) - sum(f(lower)[level == 2] / chance[level == 2]),
      sum(f(upper)[level == 2] / chance[level == 2]) - sum(f(lower)[level == 3] / chance[level == 3]))
  }
  ordered <- polr(of_barriers, asked, method = link, control = list(reltol = 1e-15))
  terms <- c(colnames(X), "cut[0|2]", "cut[2|3]")
  note(paste0("ordered-", link, "-package"), terms, c(coef(ordered), ordered$zeta))
  fit <- polished(slopes, c(coef(ordered), ordered$zeta))
  note(paste0("ordered-", link), terms, fit$b, errors(fit$v))
}
cumulative <- vglm(of_barriers, VGAM::cumulative(parallel = TRUE), asked, epsilon = 1e-14, maxit = 100)
note("ordered-vgam", c(colnames(X), "cut[0|2]", "cut[2|3]"), c(-coef(cumulative)[-(1:2)], coef(cumulative)[1:2]))

# What became of the projects, against no project at all.
levels <- c("inactive", "ongoing", "abandoned", "innovator_abandoned", "innovator")
sized$project_outcome <- factor(sized$project_outcome, levels = levels)
multinomial <- vglm(project_outcome ~ log_employees + tertiary_share + wave, VGAM::multinomial(refLevel = 1), sized, epsilon = 1e-14, maxit = 100)
b <- coef(multinomial, matrix = TRUE)
V <- matrix(errors(vcov(multinomial)), nrow(b), ncol(b), byrow = TRUE)  # VGAM goes level by level within each term
for (place in seq_len(ncol(b))) note("multinomial", paste0(levels[place + 1], "/", rownames(b)), b[, place], V[, place])

# Product and process innovation together in the last wave: VGAM's estimates, whose errors rest on the expected
# information; the observed one is taken from slopes, with the chance of a quadrant by Simpson's rule.
last <- complete(subset(firms, wave == "2015"), "log_employees", "rnd_performer", "exporter")
of_both <- cbind(n00, n01, n10, n11) ~ log_employees + rnd_performer + exporter
last <- transform(last, n00 = (1 - product_innovation) * (1 - process_innovation), n01 = (1 - product_innovation) * process_innovation,
                  n10 = product_innovation * (1 - process_innovation), n11 = product_innovation * process_innovation)
both <- vglm(of_both, binom2.rho(zero = 3), last, epsilon = 1e-12, maxit = 100)
c0 <- coef(both, matrix = TRUE)
X <- model.matrix(of_both, last); k <- ncol(X)
terms <- c(colnames(X), paste0("second/", colnames(X)), "rho")
note("biprobit-package", terms, c(c0[, 1], c0[, 2], tanh(c0[1, 3] / 2)))
q1 <- 2 * last$product_innovation - 1; q2 <- 2 * last$process_innovation - 1
quadrant <- function(a, b, r) {  # the integral of phi(t) Phi((b - r t) / root) to t = a
  steps <- 200; h <- (a + 9) / steps; total <- 0; root <- sqrt(1 - r^2)
  for (i in 0:steps) {
    t <- -9 + i * h
    total <- total + (if (i %in% c(0, steps)) 1 else if (i %% 2) 4 else 2) * dnorm(t) * pnorm((b - r * t) / root)
  }
  total * h / 3
}
slopes <- function(p) {
  rho <- p[2 * k + 1]; r <- q1 * q2 * rho; root <- sqrt(1 - rho^2)
  a <- q1 * drop(X %*% p[seq_len(k)]); b <- q2 * drop(X %*% p[k + seq_len(k)]); chance <- quadrant(a, b, r)
  density <- dnorm(a) * dnorm((b - r * a) / root) / root
  c(colSums(X * q1 * dnorm(a) * pnorm((b - r * a) / root) / chance),
    colSums(X * q2 * dnorm(b) * pnorm((a - r * b) / root) / chance), sum(q1 * q2 * density / chance))
}
fit <- polished(slopes, c(c0[, 1], c0[, 2], tanh(c0[1, 3] / 2)), steps = 1)
note("biprobit", terms, fit$b, errors(fit$v))

# Supported firms and the nearest others of the last wave, by size and staff.
active <- complete(subset(firms, wave == "2015" & innovation_active_oslo4 == 1), "rd", "log_employees", "tertiary_share")
for (adjusted in c(FALSE, TRUE)) {
  found <- Match(Y = active$rd, Tr = active$support_any, X = as.matrix(active[c("log_employees", "tertiary_share")]), M = 4,
                 Weight = 2, BiasAdjust = adjusted, Var.calc = 4, distance.tolerance = 1e-12)
  note(paste0("matching-", adjusted), "att", found$est, found$se)
}

write.csv(do.call(rbind, results), file.path(folder, "results.csv"), row.names = FALSE)
